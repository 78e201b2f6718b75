"""The roster's batches do the same on both databases."""

from sqlalchemy import Connection

from storage import history, places, roster
from storage.engine.database import Database
from storage.roster import FigureChange
from tests.storage.sample import NOW


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
        )
        roster.change_figures(
            tx,
            [FigureChange(first, "adults", 10, 11), FigureChange(second, "adults", 20, None)],
            NOW,
        )
        roster.change_figures(tx, [], NOW)
        roster.change_area(tx, first, {"label": "Khu Một", "number": 1})
        roster.change_commune(tx, commune, {"name": "Xã Mới"})
        places.set_successors(tx, first, [second])
        held = roster.roster_data(tx)
        assert held.figures == {first: {"adults": 11}, office: {"commune_cadres": 30}}
        assert held.units[commune, "k1"].label == "Khu Một"
        assert held.communes["c1"].name == "Xã Mới"
        assert held.successors == {first: frozenset({second})}
        changes = [
            [(e.old and e.old["value"], e.new["value"]) for e in history.history_of_unit(tx, unit)]
            for unit in (first, second, office)
        ]
        assert changes == [[(10, 11), (None, 10)], [(20, None), (None, 20)], [(None, 30)]]
        newest = history.history_of_unit(tx, first)[0]
        assert (newest.what, newest.way, newest.at) == ("figure", "import", NOW)
        assert newest.new == {"v": 1, "kind": "adults", "value": 11}

    await database.write(work)
