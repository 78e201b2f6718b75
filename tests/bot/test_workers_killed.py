"""Two workers on one PostgreSQL: in order, once, whichever gets an update and is killed.

Each `python -m bot run` is its own process; the simulator in this one gives updates to either, or
to both at once.
"""

import random
import sys

import pytest

from tests.bot.worker_village import WorkerVillage

CROWD, CHAIRS, WAITING = 10, 4, 40
KILLS_AT = (20, 45, 75)  # answers written, of 100


async def kill_some(village):
    for number in KILLS_AT:
        await village.answered.reach(number)
        await village.kill_one(for_good=number == KILLS_AT[-1])


@pytest.mark.postgres
@pytest.mark.timeout(180)
async def test_two_workers_lose_and_duplicate_nothing_however_often_one_is_killed(
    tmp_path, postgresql_url
):
    village = WorkerVillage(
        tmp_path, postgresql_url, random.Random(7), CROWD, chairs=CHAIRS, waiting=WAITING
    )
    await village.found()
    try:
        front = await village.work_together(2, kill_some, doubled=0.3)
        await village.check()
    finally:
        village.record.close()
        sys.stdout.write(village.logs())  # shown when the test fails
    assert village.answered.count == CROWD * 10
    assert min(front.given.values()) > 20  # both workers did a part
