"""A reminder: all that one message of the day says, checked when it is sent."""

from handlers.messages.claim_cache import ClaimCache
from handlers.messages.message import Dropped, Later, Message
from handlers.reminders import evening_question
from handlers.reminders.checking import Evening, Part, ToReport, checked
from handlers.reminders.planning import KIND, Reasons
from handlers.reminders.wording import reminder_screen
from storage import evenings
from storage.outbox import Outgoing


class Reminder(Message):
    """Reports that wait, a summary, the end of a round, or the question of an evening."""

    kind = KIND
    bulk = True
    folds = True

    def __init__(self, row: Outgoing, cache: ClaimCache) -> None:
        super().__init__(row, cache)
        self.parts: list[Part] = []

    def unwanted(self) -> str | None:
        """Why none of its reasons stands any more."""
        dropped: list[str] = []
        for reason in Reasons.model_validate_json(self.row.payload).reasons:
            found = checked(self.row.person_id, reason, self.cache)
            if isinstance(found, str):
                dropped.append(found)
            else:
                self.parts.append(found)
        return None if self.parts else ",".join(dict.fromkeys(dropped))

    def worded(self) -> Outgoing | Dropped | Later:
        """The question of the evening if that is all there is to say, else the list."""
        questions = [part for part in self.parts if isinstance(part, Evening)]
        if len(questions) == len(self.parts):
            return evening_question.asked(self, questions)
        parts = self._without_questions()
        for part in parts:
            if isinstance(part, ToReport) and part.evenings == "over":
                evenings.told_of_end(self.tx, self.row.person_id, part.round.id)
                self.cache.tasks_changed(part.round.id)
        return self.showing(reminder_screen(parts, self.texts, self.cache))

    def _without_questions(self) -> list[Part]:
        """A list names the evening's report as well, once."""
        named = {part.round.id for part in self.parts if isinstance(part, ToReport)}
        return [
            evening_question.as_list(part, self.cache) if isinstance(part, Evening) else part
            for part in self.parts
            if not isinstance(part, Evening) or part.round.id not in named
        ]

    @classmethod
    def joined(cls, payload: str, more: str) -> str:
        """The reasons of both."""
        held = Reasons.model_validate_json(payload)
        return held.joined(Reasons.model_validate_json(more).reasons).model_dump_json()
