"""Which of the things that were asked a message is about.

It is decided before the message is read, from what its writer can have seen when they wrote it.
The numbers and times are the messenger's own; the caller says what each screen takes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Input = Literal[
    "number",  # a count or a share
    "yes_no",
    "agreement",  # "đúng", "không đúng": the reply to a confirmation
    "digit",  # one figure from 1 to 9, which can also be the number of a button
    "link",
    "photo",
    "anything",  # a sentence in the person's own words
]
Order = Literal["before", "after", "unknown"]
Outcome = Literal[
    "answer",  # to what is still unsettled
    "correction",  # of what was settled before: it is confirmed, never simply taken
    "which",  # several things can be meant: the person is asked
    "repeated",  # the same was said before, and counts once
    "unseen",  # it was written before anything was shown that it could be an answer to
    "nothing",  # it fits nothing that was asked
]


@dataclass(frozen=True, slots=True)
class Written:
    """A message of a person. `reply_to` is the message that it replies to.

    `message` is its number, where the messenger's numbers tell the order of messages; `update` its
    place in the order in which the bot received updates.
    """

    at: datetime | None = None  # the messenger's time, in whole seconds
    message: int | None = None
    update: int | None = None
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Showing:
    """When something was shown.

    `message` is the number of the new message that it came with, and None when it took the place
    of another screen. `update` is the newest update that the bot had received by then.
    """

    at: datetime
    message: int | None = None
    update: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a message of the bot asked. `key` is how the caller knows it.

    Asked of people by themselves are the office's corrections and returns; everything else follows
    on what the person did, and only the newest of those is in front of them.
    """

    key: int
    message: str | None  # the messenger's id, by which a reply names it
    shown: Showing | None  # None: perhaps it never arrived
    takes: frozenset[Input]
    settled: bool = False
    left: bool = False  # still unanswered, but the person has gone on to something else
    by_itself: bool = False
    repeated: bool = False  # the text says once more what stands there
    question: tuple[int, str] | None = None  # where the screen only asks this for its answer


@dataclass(frozen=True, slots=True)
class Meant:
    """What a message is about; for "which" all that it can be about."""

    outcome: Outcome
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a text can be: certainly, and if nothing better is there."""

    sure: frozenset[Input] = frozenset()
    faint: frozenset[Input] = frozenset()

    def fit(self, asked: Asked) -> bool:
        """Whether the text is what this asks for."""
        return "anything" in asked.takes or bool(self.sure & asked.takes)

    def may_fit(self, asked: Asked) -> bool:
        """Whether it can pass for what this asks for."""
        return self.fit(asked) or bool(self.faint & asked.takes)


def order(written: Written, shown: Showing | None) -> Order:
    """Whether the message was written before or after something was shown.

    Message numbers tell the order, where a messenger has them. A screen that was put in the place
    of another has no number of its own: then whole seconds decide, and within one second the order
    of arrival.
    """
    if shown is None:
        return "unknown"
    if shown.message is not None and written.message is not None:
        return "before" if written.message < shown.message else "after"
    if written.at is None:
        return "after"
    there, here = int(shown.at.timestamp()), int(written.at.timestamp())
    if here != there:
        return "before" if here < there else "after"
    if written.update is None or shown.update is None or written.update > shown.update:
        return "after"
    return "unknown"


def address(written: Written, inputs: Inputs, asked: Sequence[Asked]) -> Meant:
    """What a message is about. `asked` is in the order in which it was shown.

    A reply is about what the message that it replies to asked at that time. Any other message is
    about the newest unsettled thing that its writer can have seen and that it fits.
    """
    replied = _replied(written, asked)
    if replied is not None:
        return replied
    present = next((one for one in reversed(asked) if not one.by_itself), None)
    seen = [one for one in asked if order(written, one.shown) == "after"]
    if present is None or present in seen or _asks_the_same(seen, present):
        return _now(inputs, asked, seen, present)
    return _earlier(written, inputs, seen, present)


def _replied(written: Written, asked: Sequence[Asked]) -> Meant | None:
    if written.reply_to is None:
        return None
    there = [one for one in asked if one.message == written.reply_to and one.takes]
    shown = [one for one in there if order(written, one.shown) == "after"]
    unsure = [one for one in there if order(written, one.shown) == "unknown"]
    if unsure:
        return Meant("which", (*shown[-1:], *unsure))
    if not shown:
        return None
    return Meant("correction" if shown[-1].settled else "answer", (shown[-1],))


def _asks_the_same(seen: Sequence[Asked], present: Asked) -> bool:
    """Whether the writer had another screen of the present question before them."""
    before = next((one for one in reversed(seen) if not one.by_itself), None)
    same = before is not None and before.question == present.question
    return same and present.question is not None


def _now(
    inputs: Inputs, asked: Sequence[Asked], seen: Sequence[Asked], present: Asked | None
) -> Meant:
    """The writer had the present screen before them, or one that asks the same."""
    place = asked.index(present) if present is not None else -1
    fitting = [one for one in seen if not (one.settled or one.left) and inputs.fit(one)]
    newer = tuple(one for one in fitting if one.by_itself and asked.index(one) > place)
    if present is not None and inputs.fit(present):
        return Meant("which", (present, *newer)) if newer else Meant("answer", (present,))
    came = tuple(one for one in fitting if one.by_itself)
    if len(came) > 1:
        return Meant("which", came)
    if fitting:
        return Meant("answer", (came or tuple(fitting))[-1:])
    if present is not None and inputs.may_fit(present):
        return Meant("answer", (present,))
    return Meant("nothing")


def _earlier(written: Written, inputs: Inputs, seen: Sequence[Asked], present: Asked) -> Meant:
    """The writer had an earlier screen before them, or perhaps had."""
    before = next((one for one in reversed(seen) if not one.by_itself), None)
    place = seen.index(before) if before is not None else -1
    came = tuple(
        one
        for number, one in enumerate(seen)
        if one.by_itself and not one.settled and number > place and inputs.fit(one)
    )
    here = (present,) if inputs.may_fit(present) else ()
    if before is not None and inputs.may_fit(before):
        if before.settled and before.repeated:
            return Meant("repeated", (before,))
        if not before.settled and not came and order(written, present.shown) == "before":
            return Meant("answer", (before,))
        return Meant("which", (before, *came, *here))
    if came or here:
        return Meant("which", (*came, *here))
    return Meant("unseen")
