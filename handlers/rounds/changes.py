"""Moves a round's dates, cancels or reopens it, from a chat or the command line.

In each case its reporters and the commune's leaders get a message.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from handlers.messages.notifications import Address, tell_all
from storage.people import people
from storage.places.places import Unit
from storage.rounds import rounds
from storage.rounds.rounds import Round

_HOME: Address = ("button.home", "home")


def dates_suffix(deadline: object, closes: object) -> str:
    """Return the end of a text's key: "_at_once" where the close is the deadline, else ""."""
    return "_at_once" if deadline == closes else ""


def recipients(
    tx: Connection, round_: Round, unit: Unit | None = None, *, by: int | None = None
) -> list[int]:
    """Return the ids of the reporters of the round (or unit) and the leaders, who are told.

    The person who makes the change is not among them.
    """
    writers, leaders = _writers(tx, round_, unit), _leaders(tx, round_)
    return sorted((writers | leaders) - {by})


def move(
    tx: Connection, round_: Round, now: datetime, zone: ZoneInfo, *,
    deadline: datetime | None = None, closes_at: datetime | None = None,
    by: int | None = None, way: str = "command",
) -> Round:  # fmt: skip
    """Move the deadline or the close, and tell the people concerned of an open round."""
    after = rounds.edit(tx, round_.id, now, deadline=deadline, closes_at=closes_at, by=by, way=way)
    if after != round_ and round_.state == "open":
        key = f"notice.dates{dates_suffix(after.deadline, after.closes_at)}"
        tell_all(
            tx, recipients(tx, round_, by=by), key, now, zone, button=_HOME, round=round_.name,
            deadline=after.deadline, closes=after.closes_at,
        )  # fmt: skip
    return after


def cancel(
    tx: Connection, round_: Round, reason: str, now: datetime, zone: ZoneInfo, *,
    by: int | None = None, way: str = "command",
) -> Round:  # fmt: skip
    """Cancel a round: its answers no longer count. People are told only if it was open."""
    whom = recipients(tx, round_, by=by) if round_.state == "open" else []
    after = rounds.cancel_round(tx, round_.id, reason, now, by=by, way=way)
    tell_all(
        tx, whom, "notice.cancelled", now, zone, button=_HOME, round=round_.name, reason=reason
    )
    return after


def reopen(
    tx: Connection, round_: Round, unit: Unit | None, reason: str, until: datetime,
    now: datetime, zone: ZoneInfo, *, by: int | None = None, way: str = "command",
) -> Round:  # fmt: skip
    """Reopen a round until an end, for all or one unit; RoundExists as `rounds.reopen_round`."""
    after = rounds.reopen_round(
        tx, round_.id, reason, until, now, unit_id=unit.id if unit else None, by=by, way=way
    )
    parameters = {"round": round_.name, "until": until, "reason": reason}
    writers = _writers(tx, round_, unit) - {by}
    to_report: Address = ("button.report", "pick", round_.id, unit.id) if unit else _HOME
    tell_all(tx, sorted(writers), "notice.reopened", now, zone, button=to_report, **parameters)
    others = sorted(_leaders(tx, round_) - writers - {by})
    key = "notice.reopened_area" if unit else "notice.reopened"
    tell_all(tx, others, key, now, zone, button=_HOME, unit=unit, **parameters)
    return after


def _writers(tx: Connection, round_: Round, unit: Unit | None) -> set[int]:
    every = rounds.units_of_round(tx, round_.id)
    found = every if unit is None else [one for one in every if one.id == unit.id]
    units = {one.id for one in found}
    with_office = any(one.office for one in found)
    return {
        one.person.id
        for one in people.people_of_commune(tx, round_.commune_id)
        if one.membership.unit_id in units or (with_office and one.membership.role == "officer")
    }


def _leaders(tx: Connection, round_: Round) -> set[int]:
    return {one.person.id for one in people.people_of_commune(tx, round_.commune_id, "leader")}
