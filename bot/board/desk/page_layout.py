"""What stands around the pages of the desk: the ways that lead on, and the note above a page."""

import base64
from collections.abc import Sequence
from typing import Any

from bot.board.desk.screen_pages import ways_in
from bot.board.desk.signed_state import Note
from bot.board.pages import Looking
from bot.sending.exporting import File
from handlers.flow.channel import Shown
from handlers.flow.press import Press, unpack
from handlers.joining.qr import qr_drawing
from handlers.review.screens import accept, accept_all, way_back
from handlers.texts import Html

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def ways(looking: Looking, commune_id: int | None) -> list[tuple[str, str, bool]]:
    """Beside the pages about a round: to the desk, to the operator's screen; each where one may."""
    here = looking.context.here.action
    return [
        (looking.texts.say(caption), looking.to(press), press.action == here)
        for caption, press, always in ways_in(looking.context, commune_id)
        if always or commune_id is None
    ]


def noted(
    looking: Looking, note: Note | None, letters: Sequence[Shown], files: Sequence[File]
) -> dict[str, Any]:
    """The note of what was done, the button that takes it back; letters and files, given once.

    A file stands in the page itself: nothing keeps the codes that are in it.
    """
    undo = unpack(note.undo) if note is not None and note.undo else None
    return {
        "note": Html(note.text) if note is not None else "",
        "undo": looking.to(undo) if undo is not None else "",
        "letters": [
            (Html(one.screen.text), qr_drawing(one.picture.link) if one.picture else "")
            for one in letters
        ],
        "files": [
            (one.name, f"data:{DOCX};base64,{base64.b64encode(one.content).decode()}")
            for one in files
        ],
    }


def undo_of(looking: Looking, press: Press) -> str:
    """How what a press has just accepted is taken back; empty for anything else."""
    route = next((one for one in (accept, accept_all) if press.action in one.keys), None)
    loaded = route.load(looking.context, press) if route is not None else None
    if loaded is None:
        return ""
    round_ = loaded["round"] if "round" in loaded else loaded["view"].round
    back = way_back(looking.context, round_)
    return back.data if back is not None else ""


def address_of(press: Press) -> str:
    """The press as it stands in the address bar, below the place of the pages."""
    return "/".join(one.replace("/", "~") for one in (press.action, *press.arguments))
