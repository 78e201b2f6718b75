"""The screen beside the report that was shown last: typed text may mean its buttons.

Of its buttons what they do is kept and a mark of the caption, by which the caption is known again
when somebody types it: a caption can be a person's name, and names stand in one table only. Of a
step its address and what was said on the way are kept too, of all of them the time.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b

from sqlalchemy import Connection

from criteria.reading import read
from handlers.channel import Button, Reply, Screen
from handlers.presses import Press, unpack
from handlers.steps import Said, data_of
from handlers.texts import plain
from handlers.turn import Turn
from storage import conversations

STEP = "step"  # the purpose of the one message with a step that has buttons
_LAST = "last"
_NO_WORDS = "-"
_COUNT = re.compile(r" (\(\d+\)|· \d+)$")
# Buttons that only lead from one screen to read to another; a screen with others asks something.
_READING = frozenset({"home", "st", "rep", "off", "help", "m.home", "o.home", "v.list", "d.list"})


@dataclass(frozen=True, slots=True)
class Last:
    """What is kept of that screen; nothing, when the report's own was shown last.

    In the place of its caption each button has two marks: of the caption, and of it without count.
    """

    buttons: tuple[Button, ...] = ()
    step: Press | None = None
    said: Said = ()

    @property
    def asks(self) -> bool:
        """Whether it asks something, rather than being read in passing."""
        if self.step is not None:
            return True
        presses = [unpack(button.data or "") for button in self.buttons]
        return any(
            p is not None and p.action not in _READING and p.action[:2] not in {"s.", "h."}
            for p in presses
        )

    def captioned(self, text: str) -> Press | None:
        """The press of the button with this caption, however it is typed."""
        wanted = _mark(text)
        if wanted == _NO_WORDS:
            return None
        marks = [one.label.split() for one in self.buttons]
        for place in (0, 1):  # as a whole, then without the count behind it
            found = [number for number, mark in enumerate(marks) if mark[place:][:1] == [wanted]]
            if found and (place == 0 or len(found) == 1):
                return unpack(self.buttons[found[0]].data or "")
        return None

    def hides(self, text: str) -> bool:
        """Whether the text may be meant for it, so that it can't answer the question behind.

        A figure is plainly for the question, unless the screen asks which report it is for.
        """
        if not self.asks or read(text, "yes_no").outcome == "command":
            return False
        presses = [unpack(button.data or "") for button in self.buttons]
        if any(p is not None and p.action == "pick" for p in presses):
            return True
        return len(text) == 1 or not any(c.isdigit() for c in text)


def last(turn: Turn) -> Last:
    """The screen that was shown last."""
    kept = conversations.shown_message(turn.tx, turn.person.id, _LAST)
    if kept is None:
        return Last()
    step, said, buttons, *_ = json.loads(kept)
    return Last(tuple(Button(*one) for one in buttons), unpack(step), tuple(said))


def shown_at(tx: Connection, person_id: int) -> datetime | None:
    """When that screen was shown; None: the report's own was shown last."""
    kept = conversations.shown_message(tx, person_id, _LAST)
    when = json.loads(kept)[3:] if kept is not None else []
    return datetime.fromtimestamp(when[0], UTC) if when else None


def forget(tx: Connection, person_id: int) -> None:
    """The report's own screen is shown last from now on."""
    conversations.forget_shown(tx, person_id, _LAST)


def keep_step(turn: Turn, step: Press, said: Said, screen: Screen) -> None:
    """Keep a step as the screen shown last."""
    _keep(turn.tx, turn.person.id, data_of(step), said, screen, turn.now)


def keep(tx: Connection, reply: Reply, now: datetime) -> None:
    """Keep what a reply shows last, unless that is the report's own, or a step, kept already."""
    person = reply.person
    if person is None or not reply.shown or reply.shown[-1].purpose == STEP:
        return
    shown = reply.shown[-1]
    if shown.purpose is not None or not any(b.data for row in shown.screen.rows for b in row):
        forget(tx, person)
        return
    if shown.edit is not None and shown.edit == step_message(tx, person):
        conversations.forget_shown(tx, person, STEP)  # there is another screen in its place
    _keep(tx, person, "", (), shown.screen, now)


def step_message(tx: Connection, person_id: int) -> str | None:
    """The message that has the step with buttons."""
    return conversations.shown_message(tx, person_id, STEP)


def _keep(
    tx: Connection, person_id: int, step: str, said: Said, screen: Screen, now: datetime
) -> None:
    buttons = [
        [f"{_mark(b.label)} {_mark(without_count(b.label))}", b.data]
        for row in screen.rows
        for b in row
        if b.data
    ]
    kept = json.dumps([step, said, buttons, int(now.timestamp())], ensure_ascii=False)
    conversations.remember_shown(tx, person_id, _LAST, kept)


def without_count(caption: str) -> str:
    """The caption as people type it: "khu chưa gửi" is "📭 Khu chưa gửi (4)"."""
    return _COUNT.sub("", caption)


def _mark(caption: str) -> str:
    words = plain(caption)
    return blake2b(words.encode(), digest_size=6).hexdigest() if words else _NO_WORDS
