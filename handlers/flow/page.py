"""The builder of screens: lines of the catalogue, rows of buttons, lists in pages, the way back."""

from collections.abc import Callable, Sequence
from typing import Self, TypeVar

from criteria.reading import read
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.press import Press, pack, unpack
from handlers.flow.routes import Route
from handlers.texts import Texts

T = TypeVar("T")


PAGE = 5
Rows = tuple[tuple[Button, ...], ...]


class ScreenBuilder:
    """A screen that is being built; most methods return the page itself."""

    def __init__(self, language: Context | Texts) -> None:
        self._texts = language if isinstance(language, Texts) else language.texts
        self.number = language.page if isinstance(language, Context) else 0  # of a list, from 0
        self._length = language.list_length if isinstance(language, Context) else 0
        self._here, self._pages = 0, 1
        self._lines: list[str] = []
        self._rows: list[tuple[Button, ...]] = []

    def say(self, key: str, **parameters: object) -> Self:
        """Add a line of the catalogue."""
        self._lines.append(self._texts.say(key, **parameters))
        return self

    def line(self, *lines: str) -> Self:
        """Add lines as they are; an empty one if there are none."""
        self._lines += lines or ("",)
        return self

    def row(self, *buttons: Button) -> Self:
        """Add a row of buttons, unless there are none."""
        if buttons:
            self._rows.append(buttons)
        return self

    def rows(self, rows: Rows) -> Self:
        """Add rows of buttons."""
        self._rows += rows
        return self

    def grid(self, buttons: Sequence[Button], width: int) -> Self:
        """Add buttons, at most `width` in a row."""
        return self.rows(in_rows(buttons, width))

    def listed(
        self, things: Sequence[T], button_of: Callable[[T], Button], route: Route[...],
        *arguments: object, size: int = PAGE,
    ) -> Self:  # fmt: skip
        """Add the buttons of a page of a list, and the row that turns it on the same route."""
        rows = tuple((button_of(one),) for _, one in self.paged(things, size))
        return self.rows(rows).turned(route, *arguments)

    def paged(self, things: Sequence[T], size: int = PAGE) -> list[tuple[int, T]]:
        """Return the things of this page of a list, each with its number in the list."""
        size = max(size, self._length)
        shown, self._here, self._pages = page_of(things, self.number, size)
        return list(enumerate(shown, self._here * size + 1))

    def turned(self, route: Route[...], *arguments: object) -> Self:
        """Add the row that turns to another page of the list, on the same route."""
        here, pages = self._here, self._pages
        rows = turning(here, pages, lambda n: route.data(*arguments, page=n), self._texts)
        return self.rows(rows)

    def button(self, caption: str, address: Press, **parameters: object) -> Self:
        """Add a row of one button with a caption of the catalogue."""
        return self.row(Button(self._texts.say(caption, **parameters), address.data))

    def back(self, address: Press) -> Self:
        """Add the way back as the last row; typing "quay lại" or "huỷ" does the same."""
        return self.button("button.back", address)

    def home(self) -> Self:
        """Add the way home as the last row of a screen without another way out."""
        return self.row(button(self._texts, "button.home", "home"))

    def screen(self) -> Screen:
        """Return the screen."""
        return Screen("\n".join(self._lines), tuple(self._rows))


def to(action: str, *arguments: int | str) -> Press:
    """Return the address of a screen of another feature."""
    press = unpack(pack(action, *arguments))
    if press is None:
        raise ValueError(action)
    return press


def button(
    texts: Texts, key: str, action: str, *arguments: int | str, **parameters: object
) -> Button:
    """Return a button whose caption is the text `key` with these parameters."""
    return Button(texts.say(key, **parameters), pack(action, *arguments))


def is_cancel(text: str) -> bool:
    """Return whether the text cancels: "huỷ", "thôi"."""
    return text.strip().lower() == "bỏ" or read(text, "yes_no").command == "cancel"


def is_back(text: str) -> bool:
    """Return whether the text goes one step back: "quay lại"."""
    return read(text, "yes_no").command == "back"


def in_rows(buttons: Sequence[Button], width: int) -> Rows:
    """Return the buttons in rows of at most `width`."""
    return tuple(tuple(buttons[i : i + width]) for i in range(0, len(buttons), width))


def page_of(things: Sequence[T], page: int, size: int) -> tuple[Sequence[T], int, int]:
    """Return the things of the nearest existing page, its number from 0, and the count of pages."""
    pages = max(1, -(-len(things) // size))
    shown = min(max(page, 0), pages - 1)
    return things[shown * size : (shown + 1) * size], shown, pages


def turning(page: int, pages: int, press: Callable[[int], str], texts: Texts) -> Rows:
    """Return the row that turns the page; no row for a single page."""
    row: list[Button] = []
    if page > 0:
        row.append(Button(texts.say("status.button.earlier"), press(page - 1)))
    if page + 1 < pages:
        row.append(Button(texts.say("status.button.further"), press(page + 1)))
    return (tuple(row),) if row else ()
