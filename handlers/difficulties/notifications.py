"""Messages to those who wait for word on a difficulty."""

from dataclasses import dataclass

from handlers.difficulties.wording import about, shortened
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.press import pack
from handlers.messages.notifications import BEFORE_REMINDERS, Notification
from handlers.texts import Texts
from storage import people
from storage.difficulties import Difficulty

_QUOTED = 160


@dataclass(frozen=True, slots=True)
class WordOnDifficulty(Notification):
    """What became of a difficulty: an answer, so it goes at once; an officer gets a way to it."""

    context: Context
    one: Difficulty
    text: str
    for_officer: bool = False
    kind: str = "difficulty"
    priority: int = BEFORE_REMINDERS
    at_night: bool = True

    def screen(self, texts: Texts) -> Screen:
        """The difficulty in short, and what was answered."""
        said = texts.say(
            self.text,
            about=about(self.context, self.one, texts),
            text=shortened(self.one.text, _QUOTED),
            answer=self.one.answer or "—",
        )
        button = Button(texts.say("difficulties.button.see"), pack("d.one", self.one.id))
        return Screen(said, ((button,),) if self.for_officer else ())


def tell_raiser(context: Context, one: Difficulty, key: str) -> bool:
    """Tell the one who raised it; False when there is nobody to tell."""
    return _tell(WordOnDifficulty(context, one, key), one.raised_by)


def tell_office(context: Context, one: Difficulty, key: str) -> bool:
    """Tell the officer who passed it up, if they still are one."""
    person = one.passed_up_by
    roles = people.memberships_of(context.tx, person) if person is not None else []
    if not any(m.role == "officer" and m.commune_id == one.commune_id for m in roles):
        return False
    return _tell(WordOnDifficulty(context, one, key, for_officer=True), person)


def _tell(word: WordOnDifficulty, person_id: int | None) -> bool:
    context = word.context
    if person_id is None or person_id == context.person.id:
        return False
    whom = people.people_by_ids(context.tx, [person_id])
    return bool(word.put_in(context.tx, whom, context.now, context.deployment.zone))
