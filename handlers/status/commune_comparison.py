"""The results of many communes, for the table of the board and for files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from criteria.scoring import Result
from handlers.status.communes import by_need
from handlers.status.loading import results_of
from storage.difficulties import difficulties
from storage.people import people
from storage.places.places import Commune
from storage.rounds import overviews, rounds
from storage.rounds.overviews import RoundCount
from storage.rounds.rounds import Round


@dataclass(frozen=True, slots=True)
class ComparedCommune:
    """A commune in one of its present rounds; round, count and result are None without one."""

    commune: Commune
    round: Round | None
    count: RoundCount | None
    result: Result | None
    unreachable: int  # people who can't get messages
    difficulties: int  # unsettled


def standings(tx: Connection, communes: Sequence[Commune], now: datetime) -> list[ComparedCommune]:
    """Return each commune in each open round, else its last; those that need help come first."""
    ids = [one.id for one in communes]
    counts = overviews.present_rounds(tx, ids, now)
    found = {
        one.id: one
        for one in rounds.rounds_by_ids(tx, [c.round_id for some in counts.values() for c in some])
    }
    results = results_of(tx, list(found.values()))
    unreachable = people.unreachable_by_commune(tx, ids)
    waiting = difficulties.unsettled_by_commune(tx, ids)

    def standing(commune: Commune, count: RoundCount | None) -> ComparedCommune:
        return ComparedCommune(
            commune=commune,
            round=found[count.round_id] if count is not None else None,
            count=count,
            result=results[count.round_id] if count is not None else None,
            unreachable=unreachable[commune.id],
            difficulties=waiting[commune.id],
        )

    return [
        standing(one, count)
        for one in by_need(communes, counts)
        for count in counts.get(one.id, (None,))
    ]
