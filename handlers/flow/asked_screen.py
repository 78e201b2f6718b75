"""What a shown screen asks, as it is stored with its message.

For each button the press is stored, and checksums of the caption to recognise it when somebody
types it. A caption can be a person's name, and names are stored in one table only.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from criteria.answers import Value
from criteria.conversation import Place, Question
from criteria.conversation.addressing import Input
from criteria.kinds import kind_of
from handlers.flow.channel import Button, Screen
from handlers.flow.press import Press, unpack
from handlers.texts import plain

MOST_NUMBERS = 9  # a choice is typed as one digit
_NO_WORDS = "-"
_COUNT = re.compile(r" (\(\d+\)|· \d+)$")  # people type "khu chưa gửi" for "📭 Khu chưa gửi (4)"
# Buttons that lead elsewhere: to a start screen, a list, a report, the result ("s.") or the history
# ("h."). A message that has only such buttons, and is no step of a flow, is only read: a typed "có"
# after it is for the report. A message with any other button asks something. `Route.only_reads`
# differs for many addresses, because it tells whether a press changes nothing: a press of "v.one"
# changes nothing, but its message asks the officer to look at a report. "rep" and "off" are
# actions, but messages that are only read have them too.
_READING = frozenset({"home", "st", "rep", "off", "help", "m.home", "o.home", "v.list", "d.list"})
# The report's own screens on which a number is an answer, unless the question is yes/no.
NUMBER_SCREENS = frozenset({"ask", "total", "fix_total", "explain", "more", "evidence"})
ANSWERS = (1, 2)  # the numbers of "yes" and "no", and of "right" and "wrong" on a confirm screen
_WORDS_ONLY: frozenset[Input] = frozenset({"yes_no", "agreement"})
_SENTENCE: frozenset[Input] = frozenset({"anything"})


@dataclass(frozen=True, slots=True)
class AskedButton:
    """A button: its press, and the checksums of its caption with and without its count."""

    data: str
    caption: str
    caption_without_count: str


@dataclass(frozen=True, slots=True)
class AskedScreen:
    """What one screen asks.

    A screen of a report has the report, question, revision and the value to be confirmed. Any other
    screen has its address (`step`) and the texts typed before it (`typed`, "said" in the JSON).
    `figures`: a number is an answer to the question of the report.
    """

    takes: frozenset[Input] = frozenset()
    buttons: tuple[AskedButton, ...] = ()
    report: int | None = None
    code: str | None = None
    screen: str = ""
    revision: int | None = None
    pending: Value | None = None
    step: str = ""
    typed: Annotated[tuple[str, ...], Field(alias="said")] = ()
    figures: bool = False

    def numbered(self, number: int) -> bool:
        """Return whether this number, typed on the screen, chooses the button in that place."""
        if "anything" in self.takes:
            return False
        return is_choice(self.screen, number, figures=self.figures)

    @property
    def address(self) -> Press | None:
        """The address of a screen that is not of a report."""
        return unpack(self.step)

    @property
    def by_itself(self) -> bool:
        """Whether it follows no action of the person: a correction by the office, or a return."""
        return self.screen in {"office", "returned"}

    def presses(self) -> list[Press | None]:
        """Return the presses of the buttons, in order."""
        return [unpack(one.data) for one in self.buttons]

    def captioned(self, text: str) -> Press | None:
        """Return the press of the button with this caption; marks and the count may be missing."""
        wanted = _checksum(text)
        if wanted == _NO_WORDS:
            return None
        whole = [one for one in self.buttons if one.caption == wanted]
        if whole:
            return unpack(whole[0].data)
        bare = [one for one in self.buttons if one.caption_without_count == wanted]
        return unpack(bare[0].data) if len(bare) == 1 else None

    def asks(self) -> bool:
        """Return whether a screen that is not of a report asks something, or is only read."""
        if self.step:
            return True
        return any(
            p is not None and p.action not in _READING and p.action[:2] not in {"s.", "h."}
            for p in self.presses()
        )

    def to_json(self) -> str:
        """Return the JSON for the database, with its version."""
        asked = _ADAPTER.dump_json(self, exclude_defaults=True, by_alias=True).decode()
        return f'{{"v":1,"asked":{asked}}}'


@dataclass(frozen=True, slots=True)
class _Envelope:
    v: Literal[1]
    asked: AskedScreen


_ADAPTER = TypeAdapter(AskedScreen)
_ENVELOPE = TypeAdapter(_Envelope)
NOTHING = AskedScreen()


def from_json(text: str) -> AskedScreen:
    """Return the stored screen; one that asks nothing if the JSON can't be read."""
    try:
        return _ENVELOPE.validate_json(text).asked
    except ValidationError:
        return NOTHING


def of_report(
    report_id: int, place: Place, question: Question | None, revision: int, screen: Screen | None
) -> AskedScreen:
    """Return what a report's own screen asks at this place."""
    return AskedScreen(
        takes=inputs_at(place, question),
        buttons=buttons_of(screen) if screen is not None else (),
        report=report_id,
        code=place.code,
        screen=place.screen,
        revision=revision,
        pending=place.pending,
        figures=takes_figures(question),
    )


def takes_figures(question: Question | None) -> bool:
    """Return whether a number is an answer to the question; also true without a question."""
    return question is None or kind_of(question.kind).takes == "number"


def is_choice(screen: str, number: int, *, figures: bool) -> bool:
    """Return whether a number typed on this screen of a report chooses one of its buttons.

    `figures` as in `AskedScreen`. The numbers shown next to the buttons and the reading of a typed
    number (`handlers/conversation/typed_buttons.py`) both follow this rule.
    """
    if screen == "confirm":
        return number in ANSWERS or not figures
    return not (figures and screen in NUMBER_SCREENS)


def inputs_at(place: Place, question: Question | None) -> frozenset[Input]:
    """Return the inputs that a place of a report accepts."""
    match place.screen:
        case "difficulty":
            return _SENTENCE
        case "gaps":
            return frozenset({"agreement"})
        case "total" | "fix_total":
            return frozenset({"number"})
    if question is None:
        return frozenset()
    own = kind_of(question.kind).takes
    fits: set[Input] = {"link", "photo"} if question.wants_evidence else set()
    if place.screen == "confirm":
        fits.add("agreement")
        # A bare number never answers a confirmation of another question than the open one.
        other = place.back_to not in {None, "summary", "rest", place.code}
        if not (other and own == "number"):
            fits.add(own)
    elif place.screen != "evidence":
        fits.add(own)
    elif question.open:
        # Its question can still be answered; "không có" means that there is no photo.
        fits |= {own, "agreement"}
    return frozenset(fits)


def of_step(step: str, typed: Sequence[str], screen: Screen, *, sentence: bool) -> AskedScreen:
    """Return what a screen of a flow asks; `sentence`: any text is its answer."""
    takes = _SENTENCE if sentence else _WORDS_ONLY
    return AskedScreen(takes=takes, buttons=buttons_of(screen), step=step, typed=tuple(typed))


def of_buttons(screen: Screen) -> AskedScreen | None:
    """Return what any other screen asks by its buttons; None without buttons."""
    buttons = buttons_of(screen)
    if not buttons:
        return None
    asked = AskedScreen(buttons=buttons)
    return replace(asked, takes=_WORDS_ONLY) if asked.asks() else asked


def buttons_of(screen: Screen) -> tuple[AskedButton, ...]:
    """Return the buttons of a screen that have a press."""
    return tuple(
        AskedButton(b.data, _checksum(b.label), _checksum(_COUNT.sub("", b.label)))
        for row in screen.rows
        for b in row
        if b.data
    )


def captioned(buttons: Sequence[Button], text: str) -> Press | None:
    """Return the press of the button that has this caption; None without one."""
    return AskedScreen(buttons=buttons_of(Screen("", (tuple(buttons),)))).captioned(text)


@lru_cache(maxsize=2048)  # most captions are the same for everybody
def _checksum(caption: str) -> str:
    words = plain(caption)
    return blake2b(words.encode(), digest_size=6).hexdigest() if words else _NO_WORDS


# --- numbered, for channels that have no buttons: the terminal and Zalo ---------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """A button, and the number that chooses it, if it has one."""

    button: Button
    number: int | None = None


def choices(screen: Screen, asked: AskedScreen | None = None) -> Iterator[tuple[Choice, ...]]:
    """Yield the rows of a screen; only buttons with a press are numbered.

    `asked` decides which typed numbers choose a button; None: every number does.
    """
    number = 0
    for row in screen.rows:
        found = []
        for button in row:
            number += button.data is not None
            numbered = button.data is not None and number <= MOST_NUMBERS
            chosen = numbered and (asked is None or asked.numbered(number))
            found.append(Choice(button, number if chosen else None))
        yield tuple(found)
