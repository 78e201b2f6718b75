"""The buttons under `/status` that lead to files, and the reply that has one made.

The reply carries only what is to be made: it is done after the commit, outside of the transaction.
"""

from typing import Literal

from handlers.channel import Button, Enclosure, Format, Making, Reply, Screen, Shown
from handlers.presses import Press, pack
from handlers.status.picture import Picture
from handlers.texts import plain
from handlers.turn import Turn
from storage import evidence, reports

MAKE = "s.make"
# A leader gets what is shown in a meeting; who runs the commune (or communes) everything.
FOR_READERS: tuple[Format, ...] = ("png", "xlsx", "docx")
FORMATS: tuple[Format, ...] = (*FOR_READERS, "json", "csv", "zip")
_AGAIN = "again"  # pressed on the screen below a file: that screen loses its buttons
_WORDS: dict[str, Format] = {
    "bieu do": "png", "charts": "png", "hinh": "png", "png": "png", "excel": "xlsx",
    "xlsx": "xlsx", "word": "docx", "docx": "docx", "json": "json", "csv": "csv", "zip": "zip",
    "minh chung": "zip", "evidence": "zip",
}  # fmt: skip


def make_button(turn: Turn, round_id: int, format_: Format, again: str = "") -> Button:
    """`📄 Bản Excel`."""
    label = turn.texts.say(f"exports.button.{format_}")
    return Button(label, pack(MAKE, round_id, format_, again))


def files_screen(turn: Turn, picture: Picture, *, everything: bool) -> Screen:
    """Every format that the person may have of this round."""
    texts = turn.texts
    text = texts.say("exports.files", commune=picture.commune, round=picture.round)
    return Screen(text, _rows(turn, picture, "", everything=everything))


def exported(turn: Turn, picture: Picture, press: Press, *, everything: bool) -> Reply | None:
    """The file that was asked for, with the screen for further ones; None: not for this person."""
    format_ = next((one for one in _formats(everything=everything) if one == press.text(1)), None)
    if format_ is None:
        return None
    empty = _nothing_there(turn, picture, format_)
    if empty is not None:
        text = turn.texts.say(empty, round=picture.round)
        return turn.shows(Screen(text, _rows(turn, picture, "", everything=everything)), edit=False)
    texts = turn.texts
    caption = texts.say(
        "exports.caption", commune=picture.commune, round=picture.round, met=picture.result.met,
        total=picture.result.total, done=picture.areas_in, areas=len(picture.areas),
    )  # fmt: skip
    making = Making(format_, picture.round_id, texts.language)
    kind: Literal["photo", "file"] = "photo" if format_ == "png" else "file"
    screen = Screen(texts.say("exports.more"), _rows(turn, picture, _AGAIN, everything=everything))
    shown = Shown(
        screen,
        strip=turn.incoming.message if press.text(2) == _AGAIN else None,
        enclosures=(Enclosure(kind, caption, making=making),),
    )
    return Reply((shown,), toast=texts.say("exports.making"), person=turn.person.id)


def format_named(text: str) -> Format | None:
    """The format that a typed word means: "excel", "biểu đồ"."""
    return _WORDS.get(plain(text))


def _rows(
    turn: Turn, picture: Picture, again: str, *, everything: bool
) -> tuple[tuple[Button, ...], ...]:
    buttons = [
        make_button(turn, picture.round_id, one, again) for one in _formats(everything=everything)
    ]
    pairs = [tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2)]
    overview = Button(turn.texts.say("status.button.overview"), pack("s.full", picture.round_id))
    return (*pairs, (overview,))


def _formats(*, everything: bool) -> tuple[Format, ...]:
    return FORMATS if everything else FOR_READERS


def _nothing_there(turn: Turn, picture: Picture, format_: Format) -> str | None:
    """The sentence for a round of which there is nothing to show yet."""
    if format_ == "zip":
        sent = {
            one.id for one in reports.reports_of_round(turn.tx, picture.round_id).values()
            if one.sends
        }  # fmt: skip
        pieces = evidence.evidence_of_round(turn.tx, picture.round_id)
        return None if any(one.report_id in sent for one in pieces) else "exports.no_evidence"
    return None if picture.facts.counted else "exports.nothing_yet"
