"""Play the whole tour in a separate folder and make the page from it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from handlers.texts import Html, Texts
from tests.screens.page import page
from tests.screens.pair import Step
from tests.screens.stage import stage
from tests.screens.tour import play

PAGE = Path(__file__).parents[2] / "docs" / "screens.md"
Chapters = list[tuple[str, list[Step]]]


async def make() -> tuple[str, Chapters]:
    """Make the page; give it with its screens."""
    with tempfile.TemporaryDirectory() as folder, noted() as said:
        async with stage(Path(folder)) as here:
            await play(here)
        return page(here.chapters, said), here.chapters


@contextmanager
def noted() -> Iterator[set[str]]:
    """The keys of all texts that are used meanwhile."""
    said: set[str] = set()
    say = Texts.say

    def note(self: Texts, key: str, **parameters: object) -> Html:
        said.add(key)
        return say(self, key, **parameters)

    Texts.say = note  # type: ignore[method-assign]
    try:
        yield said
    finally:
        Texts.say = say  # type: ignore[method-assign]
