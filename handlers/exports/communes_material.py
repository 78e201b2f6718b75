"""The material of an export of many communes: each commune with its present rounds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from handlers.status.commune_comparison import ComparedCommune, standings
from storage.places.places import Commune, Unit
from storage.rounds import overviews, rounds

_BATCH = 20  # communes that are read together, before progress is reported


@dataclass(frozen=True, slots=True)
class Row:
    """A commune in one of its rounds, and the units whose reports are missing."""

    standing: ComparedCommune
    missing: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Many:
    """The data of communes at `as_of`, in the order of the request."""

    rows: tuple[Row, ...]
    as_of: datetime
    zone: ZoneInfo

    @property
    def stem(self) -> str:
        """The number of communes and the day, for the names of files."""
        communes = len({row.standing.commune.id for row in self.rows})
        return f"{communes}-xa_{self.as_of.astimezone(self.zone).date().isoformat()}"


def many_of(
    tx: Connection,
    communes: Sequence[Commune],
    now: datetime,
    zone: ZoneInfo,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Many:
    """Load these communes; call `progress` with the numbers of those read and of all."""
    rows: list[Row] = []
    for first in range(0, len(communes), _BATCH):
        some = communes[first : first + _BATCH]
        rows += _rows(tx, some, now)
        progress(first + len(some), len(communes))
    return Many(tuple(rows), now, zone)


def _rows(tx: Connection, communes: Sequence[Commune], now: datetime) -> list[Row]:
    found = standings(tx, communes, now)
    ids = [one.round.id for one in found if one.round is not None]
    units, in_ = rounds.units_of_rounds(tx, ids), overviews.units_in(tx, ids)
    order = {one.id: place for place, one in enumerate(communes)}

    def row(one: ComparedCommune) -> Row:
        if one.round is None:
            return Row(one, ())
        number = one.round.id
        return Row(one, tuple(unit for unit in units[number] if (number, unit.id) not in in_))

    return [row(one) for one in sorted(found, key=lambda one: order[one.commune.id])]
