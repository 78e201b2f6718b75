"""The screens that a person has seen lately, and which are still open, to read a message."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from criteria.conversation.addressing import (
    Asked,
    Inputs,
    Meant,
    Showing,
    Written,
    address,
    newest_after_action,
    order,
)
from criteria.kinds import kind_of
from criteria.reading import read_confirmation
from handlers.flow.asked_screen import NOTHING, AskedScreen, from_json, inputs_at
from handlers.flow.channel import Incoming
from handlers.flow.context import Context
from handlers.report import on_behalf
from handlers.report.replies import typed_value
from handlers.report.report_access import kept_view, view_of_report
from handlers.report.view import ReportView
from handlers.report.whole_report import table_report
from storage.conversations import asks, reports_in_rounds
from storage.conversations.asks import Ask
from storage.conversations.conversations import Conversation
from storage.reports import reports

_ASKS_THE_ANSWER = frozenset({"ask", "explain", "more"})
_PRESENT = -1  # the key of an open place that no known message shows


@dataclass(frozen=True, slots=True)
class Scene:
    """The open report, and the screens that the messages of the chat have asked.

    `ordered_ids`: the ids of the chat's messages are numbers in their order.
    """

    view: ReportView | None
    screens: dict[int, AskedScreen]
    asked: tuple[Asked, ...]
    ordered_ids: bool

    @property
    def present(self) -> Asked | None:
        """The newest ask that followed an action of the person."""
        return newest_after_action(reversed(self.asked))

    @property
    def arrived(self) -> bool:
        """Whether `present` arrived for sure."""
        return self.present is None or self.present.shown is not None

    @property
    def last_screen(self) -> AskedScreen:
        """The screen that was shown last; `NOTHING` if it was a report's own."""
        present = self.present
        screen = self.screens[present.key] if present is not None else NOTHING
        return screen if screen.report is None else NOTHING

    def view_of(self, context: Context, report_id: int) -> ReportView | None:
        """Return the view of the open report, or of another one that the person fills in."""
        if self.view is not None and self.view.report.id == report_id:
            return self.view
        return view_of_report(context, report_id)

    def seen(self, incoming: Incoming) -> AskedScreen:
        """Return the newest screen that a message's writer surely saw, else the newest one."""
        written = self.written(incoming)
        seen = [one for one in self.asked if order(written, one.shown) == "after"]
        newest = newest_after_action(reversed(seen)) or self.present
        return self.screens[newest.key] if newest is not None else NOTHING

    def report_seen(self, context: Context) -> ReportView | None:
        """Return the report that a message's writer saw last or replies to; else the open one."""
        written = self.written(context.incoming)
        of_reports = [one for one in self.asked if self._report_of(one) is not None]
        own = [one for one in of_reports if not one.by_itself]
        seen = [one for one in own if order(written, one.shown) == "after"]
        if written.reply_to is not None:
            seen += [one for one in of_reports if one.message == written.reply_to]
        number = self._report_of(seen[-1]) if seen else None
        return self.view_of(context, number) if number is not None else self.view

    def _report_of(self, asked: Asked) -> int | None:
        screen = self.screens[asked.key]
        return screen.report if screen.report is not None else table_report(screen)

    def meant(self, incoming: Incoming, text: str, inputs: Inputs) -> Meant:
        """Return what a typed text is about."""
        return address(
            self.written(incoming),
            inputs,
            self.asked,
            lambda one: self._repeats(self.screens[one.key], text),
        )

    def written(self, incoming: Incoming) -> Written:
        """Return the data of a message that show when it was written."""
        return Written(
            at=incoming.written_at,
            message=_number(incoming.message) if self.ordered_ids else None,
            update=incoming.number,
            reply_to=incoming.reply_to,
        )

    def _repeats(self, screen: AskedScreen, text: str) -> bool:
        """Return whether the text repeats the stored answer of a question that is answered."""
        view = self.view
        if view is None or screen.report != view.report.id or screen.code is None:
            return False
        question = view.question(screen.code)
        if question is None:
            return False
        if screen.screen == "confirm" and read_confirmation(text) is not None:
            return True
        value = typed_value(view, screen.code, text)
        return value is not None and value == question.answer


def scene_of(context: Context) -> Scene:
    """Load the scene in which a message of this person is read."""
    conversation, found = reports_in_rounds.open_report(context.tx, context.person.id)
    view = kept_view(context, conversation, found)
    rows = _rows(context)
    screens = {row.id: _with_question(context, from_json(row.content)) for row in rows}
    shown = [row for row in rows if screens[row.id] != NOTHING]
    newest = newest_after_action(screens[row.id] for row in reversed(shown))
    asked = [
        _asked(context, row, screens[row.id], view, screens[row.id] is newest) for row in shown
    ]
    if view is not None and conversation is not None:
        _add_open_place(asked, screens, view, conversation, shown)
    return Scene(view, screens, tuple(asked), _ordered_ids(context))


def _rows(context: Context) -> list[Ask]:
    rows = asks.recent(context.tx, context.person.id)
    target = context.incoming.reply_to
    if target is None or any((row.bot, row.message) == (context.bot, target) for row in rows):
        return rows
    return [*asks.of_message(context.tx, context.person.id, context.bot, target), *rows]


def _asked(
    context: Context, row: Ask, screen: AskedScreen, view: ReportView | None, newest: bool
) -> Asked:
    here = row.bot == context.bot
    number = _number(row.message) if here and _ordered_ids(context) else None
    return Asked(
        key=row.id,
        message=row.message if here else None,
        shown=Showing(row.shown_at, None if row.replaced else number, row.newest_update),
        takes=screen.takes,
        settled=_settled(context, screen, view, newest),
        left=view is not None and _left(screen, view),
        by_itself=screen.by_itself,
        question=_only_question(screen),
    )


def _only_question(screen: AskedScreen) -> tuple[int, str] | None:
    """Return the report and question of a screen that asks only for the answer; else None."""
    if screen.report is None or screen.code is None or screen.screen not in _ASKS_THE_ANSWER:
        return None
    return screen.report, screen.code


def _settled(context: Context, screen: AskedScreen, view: ReportView | None, newest: bool) -> bool:
    """Return whether a screen waits for no answer any more.

    - A correction or return waits until the area replies to it.
    - A screen outside of a report waits only while it is the newest screen: its typed texts and
      choices are stored only with it, so the person gave it up by going on.
    - A screen of another report, or of a closed one, waits for nothing: a reply to it is a
      correction, which is confirmed before it is stored.
    - In the open report, the screen of the present revision is the open place.
    - An earlier screen of the open report waits until its question is answered. An earlier
      confirmation, request for evidence or difficulty waits no more: it ended with its place.
    """
    if screen.by_itself:
        return not _waits_for_reply(context, screen)
    if screen.report is None:
        return not newest
    if view is None or view.report.id != screen.report or not view.writable:
        return True
    if screen.revision == view.revision:
        return False
    question = view.question(screen.code)
    if question is None or screen.screen in {"confirm", "evidence", "difficulty"}:
        return True
    return not question.open


def _left(screen: AskedScreen, view: ReportView) -> bool:
    """Return whether the person left a question, which is neither open nor to be confirmed."""
    if screen.report is None or screen.by_itself or screen.revision == view.revision:
        return False
    return view.place.screen != "confirm" or view.place.back_to != screen.code


def _waits_for_reply(context: Context, screen: AskedScreen) -> bool:
    """Return whether a correction or return still waits for the area's reply."""
    report = reports.report_by_id(context.tx, screen.report or 0)
    if report is None:
        return False
    if screen.screen == "returned":
        return report.state == "returned" and screen.code is not None
    return on_behalf.waits(context, report, screen.code)


def _with_question(context: Context, screen: AskedScreen) -> AskedScreen:
    """Return the screen; a return asks the first of its questions that is not answered yet."""
    if screen.screen != "returned":
        return screen
    view = view_of_report(context, screen.report or 0)
    question = next((q for q in view.questions if q.returned), None) if view is not None else None
    if question is None:
        return replace(screen, code=None, takes=frozenset())
    own = kind_of(question.kind).takes
    return replace(screen, code=question.code, takes=frozenset({own, "agreement"}))


def _add_open_place(
    asked: list[Asked],
    screens: dict[int, AskedScreen],
    view: ReportView,
    conversation: Conversation,
    shown: Sequence[Ask],
) -> None:
    """Add the open place of the report, if no stored ask shows its present revision.

    It counts as shown at its last change if the conversation stores that this revision was shown,
    or if no ask is stored (the database is older than the table `asks`). Otherwise its message may
    not have arrived, and nobody knows when its writer saw it (`shown` is None).
    """
    if any(screens[row.id].revision == conversation.revision for row in shown
           if screens[row.id].report == view.report.id):  # fmt: skip
        return
    is_shown = conversation.shown_revision >= conversation.revision or not shown
    place = view.place
    screens[_PRESENT] = AskedScreen(
        takes=inputs_at(place, view.question(place.code)),
        report=view.report.id,
        code=place.code,
        screen=place.screen,
        revision=view.revision,
        pending=place.pending,
    )
    one = Asked(
        key=_PRESENT,
        message=None,
        shown=Showing(conversation.touched_at) if is_shown else None,
        takes=screens[_PRESENT].takes if view.writable else frozenset(),
        question=_only_question(screens[_PRESENT]),
    )
    later = sum(row.shown_at > conversation.touched_at for row in shown)
    asked.insert(len(asked) - later, one)


def _ordered_ids(context: Context) -> bool:
    return context.deployment.capabilities(context.bot).ordered_ids


def _number(message: str | None) -> int | None:
    return int(message) if message is not None and message.isdecimal() else None
