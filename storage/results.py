"""The facts of one round for scoring: what counts, what is expected, what was before.

Every query starts from the round or its commune, so that its cost doesn't grow with the others.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from criteria.answers import How, Ratio, Value
from criteria.definition import CriteriaSet, Figure, Kind
from criteria.scoring import Confirmation, Facts
from storage import answer_values, history, reports, rounds
from storage.confirmations import confirmations_of
from storage.earlier import COUNTS, VALUE, Counted, earlier_counted, how_before
from storage.evidence import evidence_counts
from storage.reports import Report
from storage.rounds import Round
from storage.tables import answers, figures, round_units
from storage.tables import history as history_table
from storage.tables import reports as reports_table

__all__ = [
    "counted_values",
    "counted_values_at",
    "earlier_counted",
    "evidence_counts",
    "how_before",
    "how_counted",
    "report_states",
    "report_states_at",
    "round_facts",
]

_COUNTED = (
    sa.select(reports_table.c.unit_id, answers.c.indicator, *VALUE)
    .join_from(reports_table, answers)
    .where(reports_table.c.round_id == bindparam("of_round"), COUNTS)
)
_HOW = (
    sa.select(reports_table.c.unit_id, answers.c.indicator, answers.c.how)
    .join_from(reports_table, answers)
    .where(reports_table.c.round_id == bindparam("of_round"), COUNTS, answers.c.how.is_not(None))
)
_FIGURES = (
    sa.select(figures.c.unit_id, figures.c.kind, figures.c.value)
    .join_from(round_units, figures, round_units.c.unit_id == figures.c.unit_id)
    .where(round_units.c.round_id == bindparam("of_round"))
)
# What closed the round (or moved its dates since), and the figures that were changed after that.
_LAST_TURN = (
    sa.select(history_table.c.id, history_table.c.at)
    .where(
        history_table.c.round_id == bindparam("of_round"),
        history_table.c.what == "round",
        history_table.c.unit_id.is_(None),
    )
    .order_by(history_table.c.id.desc())
    .limit(1)
)
_FIGURE_CHANGES = (
    sa.select(history_table.c.unit_id, history_table.c.old, history_table.c.new)
    .join_from(round_units, history_table, round_units.c.unit_id == history_table.c.unit_id)
    .where(
        round_units.c.round_id == bindparam("of_round"),
        history_table.c.what == "figure",
        history_table.c.id > bindparam("after"),
        history_table.c.at > bindparam("until", type_=history_table.c.at.type),
    )
    .order_by(history_table.c.id)
)


def how_counted(tx: Connection, round_id: int) -> dict[tuple[int, str], How]:
    """How the counted numbers of a round were come by, where that was said."""
    rows = tx.execute(_HOW, {"of_round": round_id})
    return {(unit_id, indicator): how for unit_id, indicator, how in rows}


def counted_values(tx: Connection, round_id: int) -> Counted:
    """The answers of a round that count, by unit and indicator."""
    found = {
        (unit_id, indicator): answer_values.value(*stored)
        for unit_id, indicator, *stored in tx.execute(_COUNTED, {"of_round": round_id})
    }
    return {key: value for key, value in found.items() if value is not None}


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

    A round that is closed keeps the figures it was closed with.
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
    figured = _figures(tx, round_, at)
    expected = _expected(tx, round_, criteria, figured, {unit.id: unit.office for unit in units})
    return Facts(areas, office, counted, expected, confirmed)


def _figures(tx: Connection, round_: Round, at: datetime | None) -> dict[tuple[int, str], int]:
    """The communes' own figures by unit and kind, as they were at the instant or at the close."""
    given = {"of_round": round_.id}
    known = {(unit_id, kind): value for unit_id, kind, value in tx.execute(_FIGURES, given)}
    closed = tx.execute(_LAST_TURN, given).first() if round_.state == "closed" else None
    after, until = (closed.id, closed.at) if closed is not None else (0, at)
    if at is not None and until is not None and at < until:
        after, until = 0, at
    if until is None:
        return known
    back: dict[tuple[int, str], int | None] = {}
    changes = tx.execute(_FIGURE_CHANGES, {**given, "after": after, "until": until})
    for unit_id, old, new in changes:
        kind = (history.unpack(new) or {})["kind"]
        back.setdefault((unit_id, kind), (history.unpack(old) or {}).get("value"))
    now = {**known, **back}
    return {key: value for key, value in now.items() if value is not None}


def _expected(
    tx: Connection,
    round_: Round,
    criteria: CriteriaSet,
    known: Mapping[tuple[int, str], int],
    offices: Mapping[int, bool],
) -> dict[tuple[int, str], int]:
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
