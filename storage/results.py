"""The facts of one round for scoring: what counts, what is expected, what was before.

Every query starts from the round or its commune, so that its cost doesn't grow with the others.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from criteria.answers import Ratio, Value, YesNo
from criteria.definition import CriteriaSet, Figure, Kind
from criteria.scoring import Confirmation, Facts
from storage import answer_values, history, places, reports, rounds
from storage.confirmations import confirmations_of
from storage.evidence import evidence_counts
from storage.reports import Report
from storage.rounds import Round
from storage.rows import Row
from storage.tables import answers, figures, round_units
from storage.tables import reports as reports_table
from storage.tables import rounds as rounds_table

__all__ = [
    "counted_values",
    "counted_values_at",
    "earlier_counted",
    "evidence_counts",
    "report_states",
    "report_states_at",
    "round_facts",
]

Counted = dict[tuple[int, str], Value]

# An answer counts once its report was sent, unless a return named it; "chưa biết" never does.
_COUNTS = sa.and_(
    reports_table.c.sends > 0, answers.c.held == sa.false(), answers.c.state != "unknown"
)
_VALUE = (answers.c.state, answers.c.numerator, answers.c.denominator, answers.c.yes)
_COUNTED = (
    sa.select(reports_table.c.unit_id, answers.c.indicator, *_VALUE)
    .join_from(reports_table, answers)
    .where(reports_table.c.round_id == bindparam("of_round"), _COUNTS)
)
_FIGURES = (
    sa.select(figures.c.unit_id, figures.c.kind, figures.c.value)
    .join_from(round_units, figures, round_units.c.unit_id == figures.c.unit_id)
    .where(round_units.c.round_id == bindparam("of_round"))
)
_EARLIER = (
    sa.select(reports_table.c.unit_id, answers.c.indicator, *_VALUE)
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
        _COUNTS,
    )
    .order_by(rounds_table.c.opens_at.desc(), rounds_table.c.id.desc())
)


def counted_values(tx: Connection, round_id: int) -> Counted:
    """The answers of a round that count, by unit and indicator."""
    rows = tx.execute(_COUNTED, {"of_round": round_id})
    return _newest(rows)


def counted_values_at(tx: Connection, round_id: int, at: datetime) -> Counted:
    """The answers that counted at an instant, played back from the history."""
    values: dict[tuple[int, str], tuple[Value | None, bool]] = {}
    sent: set[int] = set()
    named: dict[int, set[str]] = {}  # what the return that stands asks again
    for entry in history.history_of_round(tx, round_id):
        if entry.at > at:
            break
        new = entry.new or {}
        if entry.unit_id is None:
            continue
        if entry.what == "report" and "state" in new:
            _replay_state(entry.unit_id, new, values, sent, named)
        elif entry.what == "answer" and entry.indicator is not None:
            key = (entry.unit_id, entry.indicator)
            held = entry.indicator in named.get(entry.unit_id, ())
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


def earlier_counted(tx: Connection, round_: Round, unit_ids: Iterable[int]) -> Counted:
    """Each unit's newest answers that counted in an earlier round of the same set.

    What an area lacks since it was merged from others is the sum of its parts.
    """
    wanted = list(unit_ids)
    found = _earlier(tx, round_, wanted)
    parts = places.predecessors_of(tx, wanted)
    if parts:
        before = _earlier(tx, round_, sorted({one for some in parts.values() for one in some}))
        for unit_id, predecessors in parts.items():
            for code, value in _merged(before, predecessors).items():
                found.setdefault((unit_id, code), value)
    return found


def report_states(tx: Connection, round_id: int) -> dict[int, Report]:
    """The reports of a round by unit; who has begun none is missing."""
    return reports.reports_of_round(tx, round_id)


def report_states_at(tx: Connection, round_id: int, at: datetime) -> dict[int, str]:
    """The states of a round's reports by unit as they were at an instant, from the history."""
    states: dict[int, str] = {}
    for entry in history.history_of_round(tx, round_id):
        if entry.at > at:
            break
        unit_id, new = entry.unit_id, entry.new or {}
        if unit_id is None:
            continue
        if entry.what == "report" and "state" in new:
            states[unit_id] = new["state"]
        elif entry.what == "answer" and states.get(unit_id) == "accepted":
            states[unit_id] = "sent"  # a correction takes the acceptance away
    return states


def round_facts(
    tx: Connection, round_: Round, criteria: CriteriaSet, at: datetime | None = None
) -> Facts:
    """All that the score of a round is computed from, now or as it stood at an instant.

    Of the past only answers and confirmations are played back; the figures are today's.
    """
    units = rounds.units_of_round(tx, round_.id)
    office = next(unit.id for unit in units if unit.office)
    areas = tuple(unit.id for unit in units if not unit.office)
    if at is None:
        counted = counted_values(tx, round_.id)
        confirmed = {
            code: Confirmation(one.answer, one.reason)
            for code, one in confirmations_of(tx, round_.id).items()
        }
    else:
        counted = counted_values_at(tx, round_.id, at)
        confirmed = _confirmed_at(tx, round_.id, at)
    expected = _expected(tx, round_, criteria, {unit.id: unit.office for unit in units})
    return Facts(areas, office, counted, expected, confirmed)


def _expected(
    tx: Connection, round_: Round, criteria: CriteriaSet, offices: Mapping[int, bool]
) -> dict[tuple[int, str], int]:
    known = {
        (unit_id, kind): value
        for unit_id, kind, value in tx.execute(_FIGURES, {"of_round": round_.id})
    }
    ratios = [one for one in criteria.indicators if one.kind is Kind.RATIO]
    # Only where a figure is lacking: a commune's earlier rounds grow with the years.
    lacking = [
        unit_id
        for unit_id, office in offices.items()
        if any(
            (unit_id, one.figure_of(office=office).value) not in known
            for one in ratios
            if one.asks(office=office)
        )
    ]
    earlier = earlier_counted(tx, round_, lacking)
    expected = {
        key: value.denominator for key, value in earlier.items() if isinstance(value, Ratio)
    }
    for indicator in ratios:
        for unit_id, office in offices.items():
            kind = indicator.figure_of(office=office)
            if kind is not Figure.NONE and (unit_id, kind.value) in known:
                expected[unit_id, indicator.code] = known[unit_id, kind.value]
    return expected


def _earlier(tx: Connection, round_: Round, unit_ids: list[int]) -> Counted:
    if not unit_ids:
        return {}
    given = {
        "of_commune": round_.commune_id,
        "of_criteria": round_.criteria_id,
        "opened": round_.opens_at,
        "of_round": round_.id,
        "of_units": unit_ids,
    }
    return _newest(tx.execute(_EARLIER, given))


def _newest(rows: Iterable[Row]) -> Counted:
    found: Counted = {}
    for unit_id, indicator, *stored in rows:
        if (unit_id, indicator) not in found:
            value = answer_values.value(*stored)
            if value is not None:
                found[unit_id, indicator] = value
    return found


def _merged(before: Counted, predecessors: list[int]) -> dict[str, Value]:
    """The parts together: shares are added, one "có" is enough; nothing where a part is missing."""
    merged: dict[str, Value] = {}
    for code in {code for _, code in before}:
        parts = [before.get((one, code)) for one in predecessors]
        ratios = [part for part in parts if isinstance(part, Ratio)]
        words = [part for part in parts if isinstance(part, YesNo)]
        if len(ratios) == len(predecessors):
            numerator = sum(part.numerator for part in ratios)
            merged[code] = Ratio(numerator, sum(part.denominator for part in ratios))
        elif len(words) == len(predecessors):
            merged[code] = YesNo(any(part.yes for part in words))
    return merged


def _replay_state(
    unit_id: int,
    new: Mapping[str, Any],
    values: dict[tuple[int, str], tuple[Value | None, bool]],
    sent: set[int],
    named: dict[int, set[str]],
) -> None:
    if new["state"] == "sent":
        sent.add(unit_id)
    if new["state"] in {"sent", "returned"}:
        named[unit_id] = set(new.get("indicators", ()))
    for key, (value, _) in list(values.items()):
        if key[0] == unit_id and new["state"] == "sent":
            values[key] = (value, False)
        elif key[0] == unit_id and key[1] in new.get("indicators", ()):
            values[key] = (value, True)


def _confirmed_at(tx: Connection, round_id: int, at: datetime) -> dict[str, Confirmation]:
    found: dict[str, Confirmation] = {}
    for entry in history.history_of_round(tx, round_id):
        if entry.what != "confirmation" or entry.at > at or entry.indicator is None:
            continue
        if entry.new is None:
            found.pop(entry.indicator, None)
        else:
            found[entry.indicator] = Confirmation(entry.new["answer"], entry.new["reason"])
    return found
