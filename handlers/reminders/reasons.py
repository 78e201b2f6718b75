"""Why somebody is to be written to: what a reminder holds until it is claimed and worded."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from criteria.reminders import Anchor, Due, Entry

KIND = "reminder"  # as it is stored
# By the plan: a reporter's or an officer's report, a leader's summary, the end of the round.
# Asked for: by oneself ("nhắc lại tối nay"), by a leader ("⏰ Nhắc").
# Chosen: the question of an evening, and once that from now on it is the whole list.
Part = Literal["report", "summary", "end", "asked", "nudge", "evening", "whole"]


class Reason(BaseModel):
    """One thing to say: about which round, and the plan's entry that it stands for."""

    model_config = ConfigDict(frozen=True)

    round: int
    part: Part
    anchor: Anchor | None = None
    days: int = 0
    at: datetime | None = None

    @property
    def due(self) -> Due | None:
        """The entry of the plan; None for what somebody asked for."""
        if self.anchor is None or self.at is None:
            return None
        return Due(self.at, Entry(self.anchor, self.days))


class Reasons(BaseModel):
    """The payload of a reminder: all that one message says."""

    model_config = ConfigDict(frozen=True)

    v: Literal[1] = 1
    reasons: tuple[Reason, ...]

    def joined(self, more: Iterable[Reason]) -> "Reasons":
        """These and more, each once."""
        return Reasons(reasons=tuple(dict.fromkeys((*self.reasons, *more))))


def by_plan(round_id: int, part: Part, due: Due) -> Reason:
    """The reason that an entry of the plan gives."""
    at = due.at.astimezone(UTC)
    return Reason(round=round_id, part=part, anchor=due.entry.anchor, days=due.entry.days, at=at)


def of_evening(round_id: int, at: datetime) -> Reason:
    """The reason to ask the question of an evening."""
    return Reason(round=round_id, part="evening", at=at.astimezone(UTC))
