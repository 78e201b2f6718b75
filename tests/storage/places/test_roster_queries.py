"""The batches of the roster do the same on both databases."""

from datetime import timedelta

from sqlalchemy import Connection

from storage import history
from storage.engine.database import Database
from storage.people import invitations
from storage.places import roster
from storage.places.roster import AreaChange, FigureChange
from tests.storage.sample import NOW, sample


async def test_places_and_figures_are_written_in_batches(database: Database) -> None:
    def work(tx: Connection) -> None:
        roster.add_communes(tx, [])
        roster.add_communes(
            tx, [{"code": f"c{n}", "name": f"Xã {n}", "group_name": None} for n in range(3)]
        )
        held = roster.roster_data(tx)
        assert set(held.communes) == {"c0", "c1", "c2"}
        commune = held.communes["c1"].id
        empty = {"number": None, "old_commune": None, "valid_from": None, "valid_to": None}
        roster.add_areas(
            tx,
            [
                {"commune_id": commune, "code": f"k{n}", "label": f"Khu {n}", **empty}
                for n in (1, 2)
            ],
            NOW,
            roster.IMPORT,
        )
        held = roster.roster_data(tx)
        first, second = (held.units[commune, code].id for code in ("k1", "k2"))
        office = held.units[commune, "office"].id
        roster.change_figures(
            tx,
            [
                FigureChange(first, "adults", None, 10),
                FigureChange(second, "adults", None, 20),
                FigureChange(office, "commune_cadres", None, 30),
            ],
            NOW,
            roster.IMPORT,
        )
        roster.change_figures(
            tx,
            [FigureChange(first, "adults", 10, 11), FigureChange(second, "adults", 20, None)],
            NOW,
            roster.IMPORT,
        )
        roster.change_figures(tx, [], NOW, roster.IMPORT)
        new = {"label": "Khu Một", "number": 1}
        change = AreaChange(first, {"label": "Khu 1", "number": None}, new)
        roster.change_areas(tx, [change], NOW, roster.IMPORT)
        roster.change_commune(tx, commune, {"name": "Xã Mới"})
        roster.set_successors(tx, first, [second], NOW, roster.IMPORT)
        held = roster.roster_data(tx)
        assert held.figures == {first: {"adults": 11}, office: {"commune_cadres": 30}}
        assert held.units[commune, "k1"].label == "Khu Một"
        assert held.communes["c1"].name == "Xã Mới"
        assert held.successors == {first: frozenset({second})}
        changes = [
            [
                (e.old and e.old["value"], e.new["value"])
                for e in history.history_of_unit(tx, unit)
                if e.what == "figure"
            ]
            for unit in (first, second, office)
        ]
        assert changes == [[(10, 11), (None, 10)], [(20, None), (None, 20)], [(None, 30)]]
        merger, renamed, figure, *_, founded = history.history_of_unit(tx, first)
        told = [(one.what, one.way, one.at) for one in (merger, renamed, figure, founded)]
        assert told == [(one, "import", NOW) for one in ("merger", "area", "figure", "area")]
        assert figure.new == {"v": 1, "kind": "adults", "value": 11}
        assert merger.new == {"v": 1, "into": [second]}
        assert renamed.old == {"v": 1, "label": "Khu 1", "number": None}
        assert founded.new == {"v": 1, "label": "Khu 1"}

    await database.write(work)


async def test_what_stands_is_read_for_some_communes_only(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        first, second, third = (one.id for one in s.areas)
        roster.add_communes(tx, [{"code": "suoi", "name": "Xã Suối", "group_name": "Vùng cao"}])
        held = roster.roster_data(tx)
        assert roster.add_areas(tx, [], NOW, roster.IMPORT) == []
        suoi = held.communes["suoi"]
        roster.change_figures(
            tx, [FigureChange(first, "adults", None, 10)], NOW, roster.IMPORT
        )  # fmt: skip
        roster.set_successors(tx, first, [third, second, second], NOW, roster.IMPORT)
        entries = len(history.history_of_unit(tx, first))
        roster.set_successors(tx, first, [second, third], NOW, roster.IMPORT)
        assert len(history.history_of_unit(tx, first)) == entries
        end = NOW + timedelta(days=9)
        for commune in (s.commune.id, suoi.id):
            invitations.create_invitation(
                tx, "officer", now=NOW, expires_at=end, commune_id=commune
            )
        held = roster.roster_data(tx)
        assert held.successors[first] == {second, third}
        here = roster.of_communes(held, {s.commune.id})
        assert set(here.communes) == {s.commune.code}
        assert {unit for _, unit in here.units} == {"khu-1", "khu-2", "khu-3", "office"}
        assert here.figures[first] == {"adults": 10}
        assert here.successors == {first: frozenset({second, third})}
        assert [one.commune_id for one in here.invitations] == [s.commune.id]
        there = roster.of_communes(held, {suoi.id})
        assert (set(there.communes), len(there.units), there.successors) == ({"suoi"}, 1, {})
        assert first not in there.figures
        roster.set_successors(tx, first, [], NOW, roster.IMPORT)
        assert roster.roster_data(tx).successors.get(first, frozenset()) == frozenset()

    await database.write(work)
