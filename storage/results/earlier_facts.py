"""What counted before: in earlier rounds, and in one round at an earlier instant.

A unit's newest answers of earlier rounds are compared with its present ones. After a merger they
are the sum over the merged areas. A round at an earlier instant is replayed from its history.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from criteria.answers import CountingMethod, Value
from criteria.kinds import kind_of_value
from criteria.scoring import ConfirmedAnswer
from storage import history
from storage.engine.prepared import prepared
from storage.history import HistoryEntry
from storage.places import places
from storage.reports import answer_values
from storage.rounds.rounds import Round
from storage.tables import answers, round_units
from storage.tables import reports as reports_table
from storage.tables import rounds as rounds_table

Counted = dict[tuple[int, str], Value]

# --- earlier rounds ---------------------------------------------------------------------------

# An answer counts after its report was sent, unless a return names it; "chưa biết" never does.
COUNTS = sa.and_(
    reports_table.c.sends > 0, answers.c.held == sa.false(), answers.c.state != "unknown"
)
VALUE = (answers.c.state, answers.c.numerator, answers.c.denominator, answers.c.yes)
_ROUNDS_OF = sa.select(round_units.c.unit_id, round_units.c.round_id).where(
    round_units.c.unit_id.in_(bindparam("of_units", expanding=True))
)
_EARLIER = prepared(
    sa.select(reports_table.c.round_id, reports_table.c.unit_id, answers.c.indicator, *VALUE)
    .join_from(rounds_table, reports_table)
    .join(answers)
    .where(
        rounds_table.c.commune_id == bindparam("of_commune"),
        rounds_table.c.criteria_id == bindparam("of_criteria"),
        rounds_table.c.state.in_(("open", "closed")),
        sa.or_(
            rounds_table.c.opens_at < bindparam("opened", type_=rounds_table.c.opens_at.type),
            sa.and_(
                rounds_table.c.opens_at == bindparam("opened", type_=rounds_table.c.opens_at.type),
                rounds_table.c.id < bindparam("of_round"),
            ),
        ),
        reports_table.c.unit_id.in_(bindparam("of_units", expanding=True)),
        COUNTS,
    )
    .order_by(rounds_table.c.opens_at.desc(), rounds_table.c.id.desc())
)


_REPORT = prepared(_EARLIER.with_only_columns(reports_table.c.id).limit(1))
_HOW = prepared(_EARLIER.with_only_columns(answers.c.indicator, answers.c.how))


def newest_report_before(tx: Connection, round_: Round, unit_id: int) -> int | None:
    """Return the id of the unit's newest counted report of an earlier round of the same set."""
    row = tx.execute(_REPORT, _parameters(round_, [unit_id])).first()
    return row[0] if row is not None else None


def earlier_counting_methods(
    tx: Connection, round_: Round, unit_id: int
) -> dict[str, CountingMethod | None]:
    """Return the counting method of the unit's newest earlier counted number, by indicator."""
    found: dict[str, CountingMethod | None] = {}
    for indicator, how in tx.execute(_HOW, _parameters(round_, [unit_id])):
        found.setdefault(indicator, how)
    return found


def earlier_counted(
    tx: Connection, round_: Round, unit_ids: Iterable[int], *, successors: bool = True
) -> Counted:
    """Return each unit's newest answers that counted in an earlier round of the same set.

    For an area into which others merged, values from before the merger are the sum of the parts.
    `successors` may be False if the caller knows that no such area is among the units.
    """
    wanted = list(unit_ids)
    parts = _parts(tx, wanted) if successors else {}
    found = _earlier(tx, round_, [*wanted, *(one for some in parts.values() for one in some)])
    if not parts:
        return {key: value for key, (value, _) in found.items()}
    past = _Mergers(found, parts, _rounds_of(tx, parts), round_.id)
    codes = {code for _, code in found}
    whole = {(unit, code): past.value(unit, code) for unit in wanted for code in codes}
    return {key: value for key, value in whole.items() if value is not None}


def _earlier(
    tx: Connection, round_: Round, unit_ids: list[int]
) -> dict[tuple[int, str], tuple[Value, int]]:
    """Return the newest counted values of these units, each with its round's id."""
    if not unit_ids:
        return {}
    found: dict[tuple[int, str], tuple[Value, int]] = {}
    for of_round, unit_id, indicator, *stored in tx.execute(
        _EARLIER, _parameters(round_, unit_ids)
    ):
        value = answer_values.value(*stored)
        if value is not None:
            found.setdefault((unit_id, indicator), (value, of_round))
    return found


def _parameters(round_: Round, unit_ids: list[int]) -> dict[str, object]:
    return {
        "of_commune": round_.commune_id,
        "of_criteria": round_.criteria_id,
        "opened": round_.opens_at,
        "of_round": round_.id,
        "of_units": unit_ids,
    }


def _parts(tx: Connection, unit_ids: list[int]) -> dict[int, list[int]]:
    """Return the areas that merged into each of these areas, directly or through other mergers."""
    found: dict[int, list[int]] = {}
    known, asked = set(unit_ids), unit_ids
    while asked:
        more = places.predecessors_of(tx, asked)
        fresh = {unit: [p for p in some if p not in known] for unit, some in more.items()}
        found |= {unit: some for unit, some in fresh.items() if some}
        asked = [one for some in fresh.values() for one in some]
        known.update(asked)
    return found


def _rounds_of(tx: Connection, parts: Mapping[int, list[int]]) -> dict[int, set[int]]:
    """Return the rounds in which each of these areas reported by itself."""
    units = {*parts, *(one for some in parts.values() for one in some)}
    found: dict[int, set[int]] = {one: set() for one in units}
    for unit_id, round_id in tx.execute(_ROUNDS_OF, {"of_units": list(units)}):
        found[unit_id].add(round_id)
    return found


@dataclass(frozen=True, slots=True)
class _Mergers:
    """The earlier values of areas, some of which are mergers of several areas."""

    found: Mapping[tuple[int, str], tuple[Value, int]]
    parts: Mapping[int, list[int]]
    rounds: Mapping[int, set[int]]  # by unit, the rounds in which it reported by itself
    present: int

    def value(self, unit: int, code: str) -> Value | None:
        """Return the unit's newest value plus those of areas that merged into it after that value.

        Return None if one of them has no value, because a missing value is not zero.
        """
        own, of_round = self.found.get((unit, code), (None, None))
        parts = self.parts.get(unit, [])
        if of_round is not None:
            parts = [one for one in parts if self._was_separate(one, of_round)]
            return _combined([own, *(self.value(one, code) for one in parts)])
        if any(self.rounds[one] & (self.rounds[unit] - {self.present}) for one in parts):
            return None  # the merged area existed in an earlier round and did not answer
        return _combined([self.value(one, code) for one in parts])

    def _was_separate(self, part: int, of_round: int) -> bool:
        """Return whether the part reported by itself in that round, but not in the current one."""
        return of_round in self.rounds[part] and self.present not in self.rounds[part]


def _combined(parts: list[Value | None]) -> Value | None:
    """Return the parts as one value; None if a part is missing or of another kind."""
    given = [part for part in parts if part is not None]
    if len(given) != len(parts) or len({type(part) for part in given}) != 1:
        return None
    combined: Value = kind_of_value(given[0]).combined(given)
    return combined


# --- one round at an earlier instant ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PastRound:
    """A round at the instant `at`: counted answers, confirmations, each unit's report state."""

    at: datetime
    counted: Counted
    confirmed: Mapping[str, ConfirmedAnswer]
    states: Mapping[int, str]


def past_round(tx: Connection, round_id: int, at: datetime) -> PastRound:
    """Return the round as it was at this instant."""
    entries = [one for one in history.history_of_round(tx, round_id) if one.at <= at]
    return PastRound(at, _counted(entries), _confirmed(entries), _states(entries))


def _counted(entries: Iterable[HistoryEntry]) -> Counted:
    """Replay answers and returns, by the rules of counting in `storage.reports.answers`."""
    # By unit and indicator: the value, and whether a return makes it not count.
    values: dict[tuple[int, str], tuple[Value | None, bool]] = {}
    sent: set[int] = set()
    returned: dict[int, set[str]] = {}  # by unit, the indicators that its return asks for again
    for entry in entries:
        new = entry.new or {}
        if entry.unit_id is None:
            continue
        if entry.what == "report" and "state" in new:
            _replay_state(entry.unit_id, new, values, sent, returned)
        elif entry.what == "answer" and entry.indicator is not None:
            key = (entry.unit_id, entry.indicator)
            held = entry.indicator in returned.get(entry.unit_id, ())
            held = (values[key][1] if key in values else held) and entry.way != "office"
            if new["state"] == "none":
                values.pop(key, None)
            else:
                values[key] = (answer_values.from_json(new), held)
    return {
        key: value
        for key, (value, held) in values.items()
        if key[0] in sent and not held and value is not None
    }


def _replay_state(
    unit_id: int,
    new: Mapping[str, Any],
    values: dict[tuple[int, str], tuple[Value | None, bool]],
    sent: set[int],
    returned: dict[int, set[str]],
) -> None:
    if new["state"] == "sent":
        sent.add(unit_id)
    if new["state"] in {"sent", "returned"}:
        returned[unit_id] = set(new.get("indicators", ()))
    for key, (value, _) in list(values.items()):
        if key[0] == unit_id and new["state"] == "sent":
            values[key] = (value, False)
        elif key[0] == unit_id and key[1] in new.get("indicators", ()):
            values[key] = (value, True)


def _confirmed(entries: Iterable[HistoryEntry]) -> dict[str, ConfirmedAnswer]:
    found: dict[str, ConfirmedAnswer] = {}
    for entry in entries:
        if entry.what != "confirmation" or entry.indicator is None:
            continue
        if entry.new is None:
            found.pop(entry.indicator, None)
        else:
            found[entry.indicator] = ConfirmedAnswer(entry.new["answer"], entry.new["reason"])
    return found


def _states(entries: Iterable[HistoryEntry]) -> dict[int, str]:
    states: dict[int, str] = {}
    for entry in entries:
        unit_id, new = entry.unit_id, entry.new or {}
        if unit_id is None:
            continue
        if entry.what == "report" and "state" in new:
            states[unit_id] = new["state"]
        elif entry.what == "answer" and states.get(unit_id) == "accepted":
            states[unit_id] = "sent"  # a correction revokes the acceptance
    return states
