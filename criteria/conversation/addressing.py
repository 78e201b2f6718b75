"""Decide which of the open questions and confirmations a message is about.

The decision is made before the message is read. It depends on what the writer can have seen by
then. Numbers and times are those of the messenger. The caller passes the inputs that each screen
accepts.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeVar

Input = Literal[
    "number",  # a count or a share
    "yes_no",
    "agreement",  # "đúng", "không đúng": the reply to a confirmation
    "digit",  # one digit from 1 to 9, which can also be the number of a button
    "link",
    "photo",
    "anything",  # a sentence in the person's own words
]
Order = Literal["before", "after", "unknown"]
Outcome = Literal[
    "answer",  # to something that is not settled yet
    "correction",  # of something settled: it is confirmed before it is stored
    "which",  # several things are possible: the person is asked
    "repeated",  # a repetition of an earlier message, which counts once
    "unseen",  # it was written before anything was shown that it could answer
    "nothing",  # it fits nothing that is open
]


@dataclass(frozen=True, slots=True)
class Written:
    """A message written by a person. `reply_to` is the messenger's id of the message it replies to.

    `message` is its own number, if the messenger's numbers tell the order of messages. `update` is
    its place in the order in which the bot received updates.
    """

    at: datetime | None = None  # the messenger's time, in whole seconds
    message: int | None = None
    update: int | None = None
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Showing:
    """When a screen was shown.

    `message` is the number of its message, or None when the screen replaced another one by an
    edit. `update` is the newest update that the bot had received by then.
    """

    at: datetime
    message: int | None = None
    update: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a message of the bot asked. The caller finds it again by its `key`.

    A correction or return by the office is sent without an action of the person (`by_itself`), so
    several of them can be open at once. All other screens follow an action of the person. The
    newest of these is the present screen; the person has gone on from the earlier ones.
    """

    key: int
    message: str | None  # the messenger's id; a reply refers to it
    shown: Showing | None  # None: it may never have arrived
    takes: frozenset[Input]
    settled: bool = False
    left: bool = False  # unanswered, and the person has moved on to something else
    by_itself: bool = False
    # the report and indicator, if the screen asks only for the answer
    question: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Meant:
    """What a message is about. For "which" it has everything that the message can be about."""

    outcome: Outcome
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs that a text can be: `sure` ones, and `possible` ones if nothing better fits."""

    sure: frozenset[Input] = frozenset()
    possible: frozenset[Input] = frozenset()

    def fit(self, asked: Asked) -> bool:
        """Return whether the text certainly fits what is asked here."""
        return "anything" in asked.takes or bool(self.sure & asked.takes)

    def may_fit(self, asked: Asked) -> bool:
        """Return whether the text can fit what is asked here."""
        return self.fit(asked) or bool(self.possible & asked.takes)


class Unprompted(Protocol):
    """A thing that can be shown without an action of the person."""

    @property
    def by_itself(self) -> bool:
        """Whether it was shown without an action of the person."""


U = TypeVar("U", bound=Unprompted)


def newest_after_action(newest_first: Iterable[U]) -> U | None:
    """Return the newest one that followed an action of the person; None without one."""
    return next((one for one in newest_first if not one.by_itself), None)


def order(written: Written, shown: Showing | None) -> Order:
    """Return whether a message was written before or after a screen was shown.

    Message numbers tell the order if the messenger has them. A screen that replaced another one has
    no number of its own. Then whole seconds decide, and within one second the order of arrival.
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


def address(
    written: Written,
    inputs: Inputs,
    asked: Sequence[Asked],
    repeats: Callable[[Asked], bool] = lambda _: False,
) -> Meant:
    """Return what a message is about. `asked` is in the order in which the screens were shown.

    A reply is about what its target message asked when the reply was written: a message that was
    edited since then has asked several things. Any other message is about the newest open thing
    that its writer can have seen and that it fits. `repeats` returns whether the text repeats the
    stored answer of a settled question. docs/decisions/0016-addressed-messages.md has an example.
    """
    replied = _target_of_reply(written, asked)
    if replied is not None:
        return replied
    present = newest_after_action(reversed(asked))
    seen = [one for one in asked if order(written, one.shown) == "after"]
    if present is None or present in seen or _asks_the_same(seen, present):
        return _from_present_screen(inputs, asked, seen, present)
    return _from_earlier_screen(written, inputs, seen, present, repeats)


def _target_of_reply(written: Written, asked: Sequence[Asked]) -> Meant | None:
    """Return what a reply is about, or None if it is no reply to something that the writer saw."""
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
    """Return whether the writer saw another screen of the present question."""
    before = newest_after_action(reversed(seen))
    same = before is not None and before.question == present.question
    return same and present.question is not None


def _from_present_screen(
    inputs: Inputs, asked: Sequence[Asked], seen: Sequence[Asked], present: Asked | None
) -> Meant:
    """Decide for a writer who saw the present screen, or another one that asks the same.

    This writer knew which questions they had left, so a text does not answer one of those.
    """
    place = asked.index(present) if present is not None else -1
    fitting = [one for one in seen if not (one.settled or one.left) and inputs.fit(one)]
    newer = tuple(one for one in fitting if one.by_itself and asked.index(one) > place)
    if present is not None and inputs.fit(present):
        return Meant("which", (present, *newer)) if newer else Meant("answer", (present,))
    unprompted = tuple(one for one in fitting if one.by_itself)
    if len(unprompted) > 1:
        return Meant("which", unprompted)
    if fitting:
        return Meant("answer", (unprompted or tuple(fitting))[-1:])
    if present is not None and inputs.may_fit(present):
        return Meant("answer", (present,))
    return Meant("nothing")


def _from_earlier_screen(
    written: Written,
    inputs: Inputs,
    seen: Sequence[Asked],
    present: Asked,
    repeats: Callable[[Asked], bool],
) -> Meant:
    """Decide for a writer who saw only an earlier screen, or who may have seen only that one.

    `left` does not count here: it tells the state now. When the text was written, the earlier
    screen was the newest on the phone, so its question was not left yet.
    """
    before = newest_after_action(reversed(seen))
    place = seen.index(before) if before is not None else -1
    unprompted = tuple(
        one
        for number, one in enumerate(seen)
        if one.by_itself and not one.settled and number > place and inputs.fit(one)
    )
    here = (present,) if inputs.may_fit(present) else ()
    if before is not None and inputs.may_fit(before):
        if before.settled and repeats(before):
            return Meant("repeated", (before,))
        if not before.settled and not unprompted and order(written, present.shown) == "before":
            return Meant("answer", (before,))
        return Meant("which", (before, *unprompted, *here))
    if unprompted or here:
        return Meant("which", (*unprompted, *here))
    return Meant("unseen")
