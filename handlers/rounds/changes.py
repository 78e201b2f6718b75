"""Moves a round's dates, cancels or reopens it, from a chat or the command line.

In each case its reporters and the commune's leaders get a message.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from handlers.messages.notifications import Address, tell_all
from storage.people import people
from storage.places import places
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
        _tell(
            tx, round_, recipients(tx, round_, by=by), key, now, zone,
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
    _tell(tx, round_, whom, "notice.cancelled", now, zone, reason=reason)
    return after


def reopen(
    tx: Connection, round_: Round, unit: Unit | None, reason: str, until: datetime,
    now: datetime, zone: ZoneInfo, *, by: int | None = None, way: str = "command",
) -> Round:  # fmt: skip
    """Reopen a round until an end, for all or one unit; RoundExists as `rounds.reopen_round`."""
    after = rounds.reopen_round(
        tx, round_.id, reason, until, now, unit_id=unit.id if unit else None, by=by, way=way
    )
    parameters: dict[str, Any] = {"until": until, "reason": reason}
    writers = _writers(tx, round_, unit) - {by}
    to_report: Address = ("button.report", "pick", round_.id, unit.id) if unit else _HOME
    _tell(tx, round_, sorted(writers), "notice.reopened", now, zone, button=to_report, **parameters)
    others = sorted(_leaders(tx, round_) - writers - {by})
    key = "notice.reopened_area" if unit else "notice.reopened"
    _tell(tx, round_, others, key, now, zone, unit=unit, **parameters)
    return after


def _tell(
    tx: Connection, round_: Round, whom: Sequence[int], key: str, now: datetime, zone: ZoneInfo, *,
    button: Address = _HOME, **said: object,
) -> None:  # fmt: skip
    """Tell these people of the round; name the commune to those who have several."""
    several = people.in_several_communes(tx, whom)
    commune = places.commune(tx, round_.commune_id).name if several else ""
    for name, some in (
        (round_.name, [one for one in whom if one not in several]),
        (f"{round_.name} · {commune}", [one for one in whom if one in several]),
    ):
        tell_all(tx, some, key, now, zone, button=button, round=name, **said)


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
