"""A reminder: one message of the day for all its reasons, which are checked when it is sent.

The question of an evening is the person's present one, as in the report. It is claimed at the
evening's hour, and postponed for a person who is using the bot then.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from criteria.conversation import Place, evening_place
from criteria.reminders import local_day, next_daytime
from handlers.flow.asked_screen import from_json
from handlers.messages.claim_cache import ClaimCache
from handlers.messages.keys import key_of_evening
from handlers.messages.message import Dropped, Later, Message
from handlers.reminders.checking import Evening, MessageSection, ToReport, checked
from handlers.reminders.planning import KIND, Reasons
from handlers.reminders.wording import reminder_screen
from handlers.report.screens.screen import asks_of, report_screen
from handlers.report.view import load_view
from storage.conversations import asks, conversations
from storage.conversations.conversations import Conversation
from storage.messages import outbox
from storage.messages.outbox import Outgoing
from storage.people import people
from storage.reminders import evenings
from storage.reports import reports


class Reminder(Message):
    """A message on waiting reports, a summary, the end of a round, or an evening's question."""

    kind = KIND
    bulk = True
    merges = True

    def __init__(self, row: Outgoing, cache: ClaimCache) -> None:
        super().__init__(row, cache)
        self.parts: list[MessageSection] = []

    def unwanted(self) -> str | None:
        """Return why none of its reasons is valid any more; None while one is."""
        dropped: list[str] = []
        for reason in Reasons.model_validate_json(self.row.payload).reasons:
            found = checked(self.row.person_id, reason, self.cache)
            if isinstance(found, str):
                dropped.append(found)
            else:
                self.parts.append(found)
        return None if self.parts else ",".join(dict.fromkeys(dropped))

    def worded(self) -> Outgoing | Dropped | Later:
        """Return the question of the evening if that is the only reason, else the list."""
        questions = [part for part in self.parts if isinstance(part, Evening)]
        if len(questions) == len(self.parts):
            return _asked(self, questions)
        parts = self._without_questions()
        for part in parts:
            if isinstance(part, ToReport) and part.evenings == "over":
                evenings.mark_end_announced(self.tx, self.row.person_id, part.round.id)
                self.cache.tasks_changed(part.round.id)
        return self.showing(reminder_screen(parts, self.texts, self.cache, self.row.person_id))

    def _without_questions(self) -> list[MessageSection]:
        """Return the parts with the evening's reports listed too, each once."""
        named = {part.round.id for part in self.parts if isinstance(part, ToReport)}
        return [
            _as_list(part, self.cache) if isinstance(part, Evening) else part
            for part in self.parts
            if not isinstance(part, Evening) or part.round.id not in named
        ]

    @classmethod
    def merged(cls, payload: str, more: str) -> str:
        """Return the payload with the reasons of both."""
        reasons = Reasons.model_validate_json(payload)
        return reasons.merged(Reasons.model_validate_json(more).reasons).model_dump_json()


# --- the question of an evening -------------------------------------------------------------------


UNDISTURBED = timedelta(minutes=10)  # after the last reply: no other question in this time


def _asked(message: Message, parts: list[Evening]) -> Outgoing | Dropped | Later:
    """Return the message with its question, or the decision to drop or postpone it."""
    tx, row, cache = message.tx, message.row, message.cache
    zone, cache.full = cache.deployment.zone, True
    if row.unreachable or not cache.deployment.capabilities(row.bot).unasked:
        return row
    if cache.now < parts[0].at:
        return Later(parts[0].at)
    key = str(key_of_evening(row.person_id, local_day(cache.now, zone)))
    asked_for = outbox.messages_by_key(tx, [key]).get(key)  # "nhắc lại tối nay"
    if asked_for is not None and asked_for.state != "dropped":
        return Dropped("another_that_day")
    free = _busy_until(tx, row.person_id)
    if free is not None and free > cache.now:
        return Dropped("busy") if next_daytime(free, zone) > free else Later(free)
    parts = sorted(parts, key=lambda part: part.round.deadline)
    found = (_question(message, part, unit) for part in parts for unit in part.units)
    question = next((one for one in found if one is not None), None)
    if question is not None:
        return question
    complete: list[MessageSection] = [_as_list(part, cache) for part in parts]
    return message.showing(reminder_screen(complete, message.texts, cache, row.person_id))


def _as_list(part: Evening, cache: ClaimCache) -> ToReport:
    """Return the same reports as a part of the list."""
    return ToReport(part.round, part.units, cache.result(part.round), evenings="go_on")


def _busy_until(tx: Connection, person_id: int) -> datetime | None:
    """Return until when a person who just got a reply is not interrupted; None without a reply."""
    conversation = conversations.conversation_of(tx, person_id)
    shown = asks.recent(tx, person_id)  # a screen outside of a report was a reply to the person
    seen = [row.shown_at for row in shown if from_json(row.content).report is None][-1:]
    if conversation is not None and not _not_shown_yet(conversation):
        seen.append(conversation.touched_at)
    return max(seen) + UNDISTURBED if seen else None


def _not_shown_yet(conversation: Conversation) -> bool:
    """Return whether the place is an evening's question that was claimed but not sent."""
    place = Place.from_json(conversation.place)
    shown = conversation.shown_revision >= conversation.revision
    return place.alone and place.screen == "ask" and not shown


def _question(message: Message, part: Evening, unit_id: int) -> Outgoing | None:
    """Return the area's next open question and make it the person's place; None without one."""
    tx, row, cache = message.tx, message.row, message.cache
    report = reports.start_report(tx, part.round.id, unit_id, cache.now)
    roles = people.memberships_of(tx, row.person_id)
    view = load_view(tx, report, row.person_id, roles, Place(), 0, cache.now)
    conversation = conversations.conversation_of(tx, row.person_id)
    same = conversation is not None and conversation.report_id == report.id
    before = Place.from_json(conversation.place) if conversation is not None and same else Place()
    place = evening_place(before, view.questions)
    if place is None or not view.writable:
        return None
    revision = conversations.save_place(tx, row.person_id, report.id, place.to_json(), cache.now)
    view = replace(view, place=place, revision=revision)
    screen = report_screen(tx, view, message.texts, cache.deployment.zone, cache.now)
    return replace(
        message.showing(screen),
        revision=revision,
        remove_keyboard=conversations.shown_message(tx, row.person_id, row.bot or "", "question"),
        asks=asks_of(view, screen),
    )
