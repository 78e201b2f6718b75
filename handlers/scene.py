"""What a person has been shown, and what of it is still open: the ground for reading a message."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from criteria.conversation.addressing import (
    Asked,
    Input,
    Inputs,
    Meant,
    Showing,
    Written,
    address,
    order,
)
from criteria.reading import read_confirmation
from handlers.asked import NOTHING, AskedScreen, from_json, inputs_at
from handlers.channel import Incoming
from handlers.reporting import on_behalf
from handlers.reporting.desk import Desk
from handlers.reporting.filling import desk_of_report
from handlers.reporting.moving import standing_desk
from handlers.reporting.replies import typed_value
from handlers.turn import Turn
from storage import asks, conversations, reports
from storage.asks import Ask
from storage.conversations import Conversation

_ASKS_THE_ANSWER = frozenset({"ask", "explain", "more"})
_PRESENT = -1  # the key of the open place that no shown message is known of


@dataclass(frozen=True, slots=True)
class Scene:
    """The open report, what was shown last, and what the messages of the chat asked."""

    kept: Conversation | None
    desk: Desk | None
    screens: dict[int, AskedScreen]
    asked: tuple[Asked, ...]

    @property
    def present(self) -> Asked | None:
        """The newest thing shown that followed on what the person did."""
        return next((one for one in reversed(self.asked) if not one.by_itself), None)

    @property
    def beside(self) -> AskedScreen:
        """The screen beside the report that was shown last; nothing if the report's own was."""
        present = self.present
        screen = self.screens[present.key] if present is not None else NOTHING
        return screen if screen.report is None else NOTHING

    def seen(self, incoming: Incoming) -> AskedScreen:
        """The screen that the writer of a message had before them, or perhaps had."""
        written = _written(incoming)
        shown = [one for one in self.asked if not one.by_itself]
        there = [one for one in shown if order(written, one.shown) == "after"]
        newest = (there or shown)[-1:]
        return self.screens[newest[0].key] if newest else NOTHING

    def meant(self, incoming: Incoming, text: str, inputs: Inputs) -> Meant:
        """What a typed text is about."""
        marked = tuple(
            replace(one, repeated=self._repeats(self.screens[one.key], text))
            if one.settled
            else one
            for one in self.asked
        )
        return address(_written(incoming), inputs, marked)

    def _repeats(self, screen: AskedScreen, text: str) -> bool:
        """Whether the text says once more what stands at a question that is settled."""
        desk = self.desk
        if desk is None or screen.report != desk.report.id or screen.code is None:
            return False
        question = desk.question(screen.code)
        if question is None:
            return False
        if screen.screen == "confirm" and read_confirmation(text) is not None:
            return True
        value = typed_value(desk, screen.code, text)
        return value is not None and value == question.answer


def scene_of(turn: Turn) -> Scene:
    """The scene in which a message of this person is read."""
    kept = conversations.conversation_of(turn.tx, turn.person.id)
    desk = standing_desk(turn, kept)
    rows = _rows(turn)
    screens = {row.id: _named(turn, from_json(row.content)) for row in rows}
    known = [row for row in rows if screens[row.id] != NOTHING]
    newest = next((row for row in reversed(known) if not screens[row.id].by_itself), None)
    asked = [_asked(turn, row, screens[row.id], desk, row is newest) for row in known]
    if desk is not None and kept is not None:
        _with_open_place(asked, screens, desk, kept, known)
    return Scene(kept, desk, screens, tuple(asked))


def _rows(turn: Turn) -> list[Ask]:
    rows = asks.recent(turn.tx, turn.person.id)
    target = turn.incoming.reply_to
    if target is None or any(row.message == target for row in rows):
        return rows
    return [*asks.of_message(turn.tx, turn.person.id, target), *rows]


def _asked(turn: Turn, row: Ask, screen: AskedScreen, desk: Desk | None, newest: bool) -> Asked:
    number = _number(row.message)
    return Asked(
        key=row.id,
        message=number,
        shown=Showing(row.shown_at, None if row.replaced else number, row.newest_update),
        takes=screen.takes,
        settled=_settled(turn, screen, desk, newest),
        left=desk is not None and _left(screen, desk),
        by_itself=screen.by_itself,
        question=_only_question(screen),
    )


def _only_question(screen: AskedScreen) -> tuple[int, str] | None:
    """The question that a screen asks for its answer, and for nothing else."""
    if screen.report is None or screen.code is None or screen.screen not in _ASKS_THE_ANSWER:
        return None
    return screen.report, screen.code


def _settled(turn: Turn, screen: AskedScreen, desk: Desk | None, newest: bool) -> bool:
    if screen.by_itself:
        return not _waits(turn, screen)
    if screen.report is None:
        return not newest
    if desk is None or desk.report.id != screen.report or not desk.writable:
        return True
    if screen.revision == desk.revision:
        return False
    question = desk.question(screen.code)
    if question is None or screen.screen in {"confirm", "evidence", "difficulty"}:
        return True
    return not question.open


def _left(screen: AskedScreen, desk: Desk) -> bool:
    """Whether the person went on from a question: it is neither open nor behind a confirmation."""
    if screen.report is None or screen.by_itself or screen.revision == desk.revision:
        return False
    return desk.place.screen != "confirm" or desk.place.back_to != screen.code


def _waits(turn: Turn, screen: AskedScreen) -> bool:
    """Whether what came by itself still waits for a word of the area."""
    report = reports.report_by_id(turn.tx, screen.report or 0)
    if report is None:
        return False
    if screen.screen == "returned":
        return report.state == "returned" and screen.code is not None
    return on_behalf.waits(turn, report, screen.code)


def _named(turn: Turn, screen: AskedScreen) -> AskedScreen:
    """A return asks the first of its questions that isn't answered yet."""
    if screen.screen != "returned":
        return screen
    desk = desk_of_report(turn, screen.report or 0)
    question = next((q for q in desk.questions if q.returned), None) if desk is not None else None
    if question is None:
        return replace(screen, code=None, takes=frozenset())
    own: Input = "yes_no" if question.kind == "yes_no" else "number"
    return replace(screen, code=question.code, takes=frozenset({own, "agreement"}))


def _with_open_place(
    asked: list[Asked],
    screens: dict[int, AskedScreen],
    desk: Desk,
    kept: Conversation,
    known: Sequence[Ask],
) -> None:
    """Add the open place where no message is known that shows it.

    With nothing kept at all (an older database) it counts as shown at its last change. Otherwise
    its message perhaps never arrived.
    """
    if any(screens[row.id].revision == kept.revision for row in known
           if screens[row.id].report == desk.report.id):  # fmt: skip
        return
    surely = kept.shown_revision >= kept.revision or not known
    place = desk.place
    screens[_PRESENT] = AskedScreen(
        takes=inputs_at(place, desk.question(place.code)),
        report=desk.report.id,
        code=place.code,
        screen=place.screen,
        revision=desk.revision,
        pending=place.pending,
    )
    one = Asked(
        key=_PRESENT,
        message=None,
        shown=Showing(kept.touched_at) if surely else None,
        takes=screens[_PRESENT].takes if desk.writable else frozenset(),
        question=_only_question(screens[_PRESENT]),
    )
    later = sum(row.shown_at > kept.touched_at for row in known)
    asked.insert(len(asked) - later, one)


def _written(incoming: Incoming) -> Written:
    return Written(
        at=incoming.written_at,
        message=_number(incoming.message),
        update=incoming.update_id,
        reply_to=_number(incoming.reply_to),
    )


def _number(message: str | None) -> int | None:
    return int(message) if message is not None and message.isdecimal() else None
