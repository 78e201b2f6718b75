"""Background tasks: references kept, failures logged, all ended at the close."""

import asyncio

from bot.service.tasks import Tasks


async def test_a_failing_essential_task_ends_the_program():
    crashed = asyncio.get_running_loop().create_future()
    tasks = Tasks(on_crash=crashed.set_result)

    async def fail():
        raise LookupError("gone")

    tasks.start(fail(), "failing", essential=True)
    assert isinstance(await crashed, LookupError)
    await tasks.close()


async def test_a_failing_ordinary_task_stops_nothing_else():
    crashes = []
    tasks = Tasks(on_crash=crashes.append)

    async def fail():
        raise LookupError("gone")

    task = tasks.start(fail(), "failing")
    await asyncio.wait([task])
    await tasks.close()
    assert crashes == []


async def test_closing_cancels_and_waits():
    tasks = Tasks()
    ended = []

    async def wait_for_ever():
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    tasks.start(wait_for_ever(), "waiting")
    await asyncio.sleep(0)
    await tasks.close()
    assert ended == [True]


async def test_closing_ends_when_a_task_ends_at_the_same_moment():
    tasks = Tasks()
    ended = asyncio.Event()

    async def end():
        ended.set()

    tasks.start(end(), "end")
    await ended.wait()  # done, but the loop handles the end in its next turn
    async with asyncio.timeout(5):
        await tasks.close()
