"""A small invented commune for the storage tests."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from criteria.sets.set_file import shipped_text
from storage.people import addresses, people
from storage.people.people import Person
from storage.places import places
from storage.places.places import Commune, Unit
from storage.rounds import rounds
from storage.rounds.rounds import Round

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CRITERIA = "phu-tho-2024"


@dataclass(frozen=True)
class Sample:
    commune: Commune
    areas: list[Unit]
    office: Unit
    round: Round
    person: Person
    other: Person


def person(tx: Connection, address: str, name: str = "Bác Tư") -> Person:
    return people.add_person(
        tx,
        bot="telegram",
        address=address,
        name=name,
        handle=None,
        language="vi",
        consent_version="2026-11",
        now=NOW,
    )


def reach(tx: Connection, person_id: int, reachable: bool, now: datetime = NOW) -> None:
    """Whether messages reach a person at their one address."""
    (one,) = addresses.addresses_of(tx, person_id)
    addresses.set_reachable(tx, one.bot, one.chat, reachable=reachable, now=now)


def open_round(
    tx: Connection, commune_id: int, name: str = "Tháng 11", opens_at: datetime = NOW - DAY
) -> Round:
    return rounds.open_round(
        tx,
        commune_id,
        name,
        CRITERIA,
        shipped_text(CRITERIA),
        date(2026, 11, 1),
        opens_at,
        opens_at + 10 * DAY,
        opens_at + 15 * DAY,
        opens_at + timedelta(seconds=1),
    )


def sample(tx: Connection, areas: int = 3) -> Sample:
    commune = places.add_commune(tx, "doi-che", "Xã Đồi Chè", "Phú Thọ")
    made = [
        places.add_unit(tx, commune.id, f"khu-{n}", f"Khu {n}", number=n)
        for n in range(1, areas + 1)
    ]
    office = places.office_of(tx, commune.id)
    return Sample(
        commune,
        made,
        office,
        open_round(tx, commune.id),
        person(tx, "1"),
        person(tx, "2", "Cô Lan"),
    )
