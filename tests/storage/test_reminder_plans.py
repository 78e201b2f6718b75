"""Which rounds are to be planned, and in which order."""

from storage import places, reminder_plans, rounds
from storage.engine.database import Database
from tests.storage.sample import DAY, NOW, open_round


async def test_the_round_with_the_nearest_deadline_is_planned_first(database: Database) -> None:
    def work(tx) -> None:
        communes = [places.add_commune(tx, f"x{n}", f"Xã {n}") for n in range(4)]
        opened = [open_round(tx, one.id, opens_at=NOW - DAY) for one in communes]
        for one, days in zip(opened, (5, 2, 9, 2), strict=True):
            rounds.edit(tx, one.id, NOW, deadline=NOW + days * DAY)
        reminder_plans.planned_until(tx, opened[2].id, NOW + DAY)  # dealt with until tomorrow
        first, second, _, third = (one.id for one in opened)
        assert reminder_plans.rounds_to_plan(tx, NOW) == [second, third, first]

    await database.write(work)
