"""What counted before: each area's newest answers, and the sum of its parts after a merger."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from criteria.answers import CountingMethod, Ratio, Value, YesNo
from storage import answer_values, places
from storage.engine.prepared import prepared
from storage.rounds import Round
from storage.tables import answers, round_units
from storage.tables import reports as reports_table
from storage.tables import rounds as rounds_table

Counted = dict[tuple[int, str], Value]

# An answer counts once its report was sent, unless a return named it; "chưa biết" never does.
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
    """The unit's newest report that counted in an earlier round of the same set."""
    row = tx.execute(_REPORT, _given(round_, [unit_id])).first()
    return row[0] if row is not None else None


def how_before(tx: Connection, round_: Round, unit_id: int) -> dict[str, CountingMethod | None]:
    """How the unit's newest number that counted before was come by, by indicator."""
    found: dict[str, CountingMethod | None] = {}
    for indicator, how in tx.execute(_HOW, _given(round_, [unit_id])):
        found.setdefault(indicator, how)
    return found


def earlier_counted(tx: Connection, round_: Round, unit_ids: Iterable[int]) -> Counted:
    """Each unit's newest answers that counted in an earlier round of the same set.

    What was before an area took others in is the sum of its parts.
    """
    wanted = list(unit_ids)
    parts = _parts(tx, wanted)
    found = _earlier(tx, round_, [*wanted, *(one for some in parts.values() for one in some)])
    if not parts:
        return {key: value for key, (value, _) in found.items()}
    past = _Past(found, parts, _rounds_of(tx, parts), round_.id)
    codes = {code for _, code in found}
    whole = {(unit, code): past.value(unit, code) for unit in wanted for code in codes}
    return {key: value for key, value in whole.items() if value is not None}


def _earlier(
    tx: Connection, round_: Round, unit_ids: list[int]
) -> dict[tuple[int, str], tuple[Value, int]]:
    """The newest counted values of these units, each with the round that it is of."""
    if not unit_ids:
        return {}
    found: dict[tuple[int, str], tuple[Value, int]] = {}
    for of_round, unit_id, indicator, *stored in tx.execute(_EARLIER, _given(round_, unit_ids)):
        value = answer_values.value(*stored)
        if value is not None:
            found.setdefault((unit_id, indicator), (value, of_round))
    return found


def _given(round_: Round, unit_ids: list[int]) -> dict[str, object]:
    return {
        "of_commune": round_.commune_id,
        "of_criteria": round_.criteria_id,
        "opened": round_.opens_at,
        "of_round": round_.id,
        "of_units": unit_ids,
    }


def _parts(tx: Connection, unit_ids: list[int]) -> dict[int, list[int]]:
    """The areas that went into each of these, and into those in their turn."""
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
    """In which rounds each of these areas was one by itself."""
    units = {*parts, *(one for some in parts.values() for one in some)}
    found: dict[int, set[int]] = {one: set() for one in units}
    for unit_id, round_id in tx.execute(_ROUNDS_OF, {"of_units": list(units)}):
        found[unit_id].add(round_id)
    return found


@dataclass(frozen=True, slots=True)
class _Past:
    """What areas had before, when some of them were several."""

    found: Mapping[tuple[int, str], tuple[Value, int]]
    parts: Mapping[int, list[int]]
    rounds: Mapping[int, set[int]]  # by unit, those in which it was one by itself
    present: int

    def value(self, unit: int, code: str) -> Value | None:
        """The unit's own newest value, with those of the areas it didn't hold yet.

        None where one of them has none: what is missing isn't zero.
        """
        own, of_round = self.found.get((unit, code), (None, None))
        parts = self.parts.get(unit, [])
        if of_round is not None:
            parts = [one for one in parts if self._apart(one, of_round)]
            return _together([own, *(self.value(one, code) for one in parts)])
        if any(self.rounds[one] & (self.rounds[unit] - {self.present}) for one in parts):
            return None  # it was an area before and had nothing
        return _together([self.value(one, code) for one in parts])

    def _apart(self, part: int, of_round: int) -> bool:
        """Whether it was an area by itself then, and isn't now."""
        return of_round in self.rounds[part] and self.present not in self.rounds[part]


def _together(parts: list[Value | None]) -> Value | None:
    """The parts as one: shares are added, one "có" is enough; nothing where a part is missing."""
    ratios = [part for part in parts if isinstance(part, Ratio)]
    words = [part for part in parts if isinstance(part, YesNo)]
    if ratios and len(ratios) == len(parts):
        numerator = sum(part.numerator for part in ratios)
        return Ratio(numerator, sum(part.denominator for part in ratios))
    if words and len(words) == len(parts):
        return YesNo(any(part.yes for part in words))
    return None
