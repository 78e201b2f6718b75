"""The facts of a round for scoring: counted answers, expected totals, confirmations.

Each query starts from the round or its commune, so its cost does not grow with other communes.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from criteria.answers import CountingMethod
from criteria.definition import CriteriaSet, Figure
from criteria.kinds import kind_of, kind_of_value
from criteria.scoring import ConfirmedAnswer, Facts
from storage import history
from storage.evidence.evidence import evidence_counts
from storage.places.places import Unit
from storage.reports import answer_values, reports
from storage.reports.reports import Report
from storage.results.confirmations import confirmations_of_rounds
from storage.results.earlier_facts import (
    COUNTS,
    VALUE,
    Counted,
    PastRound,
    earlier_counted,
    earlier_counting_methods,
)
from storage.rounds import rounds
from storage.rounds.rounds import Round
from storage.tables import answers, figures, round_units
from storage.tables import history as history_table
from storage.tables import reports as reports_table

__all__ = [
    "counted_values",
    "counting_methods_of",
    "earlier_counted",
    "earlier_counting_methods",
    "evidence_counts",
    "facts_of_rounds",
    "figures_now",
    "report_states",
    "round_facts",
]

_OF_ROUNDS: sa.BindParameter[list[int]] = bindparam("of_rounds", expanding=True)
_COUNTED = (
    sa.select(reports_table.c.round_id, reports_table.c.unit_id, answers.c.indicator, *VALUE)
    .join_from(reports_table, answers)
    .where(reports_table.c.round_id.in_(_OF_ROUNDS), COUNTS)
)
_HOW = (
    sa.select(reports_table.c.unit_id, answers.c.indicator, answers.c.how)
    .join_from(reports_table, answers)
    .where(reports_table.c.round_id == bindparam("of_round"), COUNTS, answers.c.how.is_not(None))
)
_FIGURES = (
    sa.select(round_units.c.round_id, figures.c.unit_id, figures.c.kind, figures.c.value)
    .join_from(round_units, figures, round_units.c.unit_id == figures.c.unit_id)
    .where(round_units.c.round_id.in_(_OF_ROUNDS))
)
# The last change of the round (its close, for a closed one), and later changes of its figures.
_LAST_CHANGE = (
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
        history_table.c.id > bindparam("after_id"),
        history_table.c.at > bindparam("after_time", type_=history_table.c.at.type),
    )
    .order_by(history_table.c.id)
)


def counting_methods_of(tx: Connection, round_id: int) -> dict[tuple[int, str], CountingMethod]:
    """Return the counting methods of a round's counted numbers, if known, by unit and indicator."""
    rows = tx.execute(_HOW, {"of_round": round_id})
    return {(unit_id, indicator): how for unit_id, indicator, how in rows}


def counted_values(tx: Connection, round_id: int) -> Counted:
    """Return the counted answers of a round, by unit and indicator."""
    return _counted(tx, [round_id])[round_id]


def _counted(tx: Connection, round_ids: Sequence[int]) -> dict[int, Counted]:
    found: dict[int, Counted] = {one: {} for one in round_ids}
    for round_id, unit_id, indicator, *stored in tx.execute(_COUNTED, {"of_rounds": round_ids}):
        value = answer_values.value(*stored)
        if value is not None:
            found[round_id][unit_id, indicator] = value
    return found


def report_states(tx: Connection, round_id: int) -> dict[int, Report]:
    """Return the reports of a round by unit; units without a report are missing."""
    return reports.reports_of_round(tx, round_id)


def round_facts(
    tx: Connection,
    round_: Round,
    criteria: CriteriaSet,
    past: PastRound | None = None,
    *,
    units: Sequence[Unit] | None = None,
) -> Facts:
    """Return all data on which the score of a round depends, now or at an instant in the past.

    A closed round has the figures of its close. Pass `units` if the round's units are loaded
    already.
    """
    units = units or rounds.units_of_round(tx, round_.id)
    known = figures_now(tx, round_.id)
    if past is not None:
        return _facts(tx, round_, criteria, units, past.counted, past.confirmed, known, past.at)
    confirmed = _confirmed(tx, [round_.id])[round_.id]
    return _facts(
        tx, round_, criteria, units, counted_values(tx, round_.id), confirmed, known, None
    )


def facts_of_rounds(tx: Connection, asked: Sequence[tuple[Round, CriteriaSet]]) -> dict[int, Facts]:
    """Return the current facts of several rounds, by round, in as few queries as for one."""
    ids = [round_.id for round_, _ in asked]
    if not ids:
        return {}
    units, counted = rounds.units_of_rounds(tx, ids), _counted(tx, ids)
    confirmed, known = _confirmed(tx, ids), _figures_now(tx, ids)
    return {
        one.id: _facts(
            tx,
            one,
            criteria,
            units[one.id],
            counted[one.id],
            confirmed[one.id],
            known[one.id],
            None,
        )
        for one, criteria in asked
    }


def _facts(
    tx: Connection,
    round_: Round,
    criteria: CriteriaSet,
    units: Sequence[Unit],
    counted: Counted,
    confirmed: Mapping[str, ConfirmedAnswer],
    known: Mapping[tuple[int, str], int],
    at: datetime | None,
) -> Facts:
    office = next((unit.id for unit in units if unit.office), None)
    areas = tuple(unit.id for unit in units if not unit.office)
    figured = _figures(tx, round_, known, at)
    expected = _expected(tx, round_, criteria, figured, {unit.id: unit.office for unit in units})
    return Facts(areas, office, counted, expected, confirmed)


def _confirmed(tx: Connection, round_ids: Sequence[int]) -> dict[int, dict[str, ConfirmedAnswer]]:
    found = confirmations_of_rounds(tx, round_ids)
    return {
        round_id: {code: ConfirmedAnswer(one.answer, one.reason) for code, one in some.items()}
        for round_id, some in found.items()
    }


def figures_now(tx: Connection, round_id: int) -> dict[tuple[int, str], int]:
    """Return the commune's current figures for a round's units, by unit and kind."""
    return _figures_now(tx, [round_id])[round_id]


def _figures_now(tx: Connection, round_ids: Sequence[int]) -> dict[int, dict[tuple[int, str], int]]:
    found: dict[int, dict[tuple[int, str], int]] = {one: {} for one in round_ids}
    for round_id, unit_id, kind, value in tx.execute(_FIGURES, {"of_rounds": round_ids}):
        found[round_id][unit_id, kind] = value
    return found


def _figures(
    tx: Connection, round_: Round, known: Mapping[tuple[int, str], int], at: datetime | None
) -> Mapping[tuple[int, str], int]:
    """Return the commune's figures by unit and kind, as of `at` or of the round's close.

    These are the current figures, with all changes after that moment undone from the history. The
    moment is the earlier one of `at` and the close. The close is an entry of the history, so later
    changes also have a greater id than it (`after_id`). For `at` only the time counts: the id is 0.
    """
    given = {"of_round": round_.id}
    close = tx.execute(_LAST_CHANGE, given).first() if round_.state == "closed" else None
    after_id, after_time = (close.id, close.at) if close is not None else (0, at)
    if at is not None and after_time is not None and at < after_time:
        after_id, after_time = 0, at
    if after_time is None:
        return known
    # The first change after the moment has the value of that moment as its old one.
    earlier: dict[tuple[int, str], int | None] = {}
    later = {**given, "after_id": after_id, "after_time": after_time}
    changes = tx.execute(_FIGURE_CHANGES, later)
    for unit_id, old, new in changes:
        kind = (history.unpack(new) or {})["kind"]
        earlier.setdefault((unit_id, kind), (history.unpack(old) or {}).get("value"))
    now = {**known, **earlier}
    return {key: value for key, value in now.items() if value is not None}


def _expected(
    tx: Connection,
    round_: Round,
    criteria: CriteriaSet,
    known: Mapping[tuple[int, str], int],
    offices: Mapping[int, bool],
) -> dict[tuple[int, str], int]:
    of_totals = [one for one in criteria.indicators if kind_of(one.kind).has_total]
    # Only for units without a figure, because a commune's earlier rounds grow with the years.
    without_figure = [
        unit_id
        for unit_id, office in offices.items()
        if any(
            (unit_id, one.figure_of(office=office).value) not in known
            for one in of_totals
            if one.asks(office=office)
        )
    ]
    earlier = earlier_counted(tx, round_, without_figure)
    totals = ((key, kind_of_value(value).total(value)) for key, value in earlier.items())
    expected = {key: total for key, total in totals if total is not None}
    for indicator in of_totals:
        for unit_id, office in offices.items():
            kind = indicator.figure_of(office=office)
            if kind is not Figure.NONE and (unit_id, kind.value) in known:
                expected[unit_id, indicator.code] = known[unit_id, kind.value]
    return expected
