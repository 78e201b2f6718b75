"""Live changes: one query a commune and second, however many look on; told within two seconds."""

import asyncio
from contextlib import ExitStack
from functools import partial

import pytest

from bot.board import live, status_cache
from bot.board.live import Hub
from bot.board.refresh_throttle import RefreshThrottle
from bot.service.tasks import Tasks
from handlers.status import loading
from storage import change_numbers, history
from storage.places import places
from tests.bot.board.conftest import PUBLIC, first_page
from tests.handlers.two_communes import NOW


class Counting:
    """The house's database, which counts what is read."""

    def __init__(self, database):
        self.database = database
        self.reads = 0

    async def read(self, work):
        self.reads += 1
        return await self.database.read(work)


@pytest.fixture
async def counting(house):
    return Counting(house.database)


async def commune_of(house, letter):
    return house.people[letter][1].commune_id


def change(commune_id=None, unit_id=None):
    def write(tx):
        history.record(tx, "figure", "command", NOW, commune_id=commune_id, unit_id=unit_id)

    return write


async def newest(house):
    return await house.database.read(change_numbers.newest)


async def test_a_change_of_the_commune_or_of_one_of_its_units_is_seen_and_no_other(house):
    kin, ta = await commune_of(house, "L"), await commune_of(house, "l")
    unit = await house.database.read(lambda tx: places.units_of(tx, kin)[0].id)
    for about in ({"commune_id": kin}, {"unit_id": unit}):
        before = await newest(house)
        await house.write(change(**about))
        found = [
            await house.database.read(
                partial(change_numbers.newest_since, commune_id=one, number=before)
            )
            for one in (kin, ta)
        ]
        assert found == [before + 1, None]


async def test_many_who_look_on_cost_one_query_a_second(house, counting, monkeypatch):
    monkeypatch.setattr(live, "SECONDS", 0.05)
    tasks, kin = Tasks(), await commune_of(house, "L")
    hub = Hub(counting, tasks, RefreshThrottle())
    number = await newest(house)
    with ExitStack() as stack:
        followed = [stack.enter_context(hub.following(kin, number)) for _ in range(500)]
        waiting = [one.changed.wait() for one in followed]
        await asyncio.sleep(0.3)
        assert 1 <= counting.reads <= 7
        await house.write(change(commune_id=kin))
        async with asyncio.timeout(2):
            await asyncio.gather(*waiting)
        assert followed[0].number > number
    assert hub.streams == 0
    await asyncio.sleep(0.15)
    reads = counting.reads
    await asyncio.sleep(0.15)
    assert counting.reads == reads, "nobody looks on, and it is still asked"
    await tasks.close()


async def listened(house, browser, since, seconds=5.0, until=b"event: change"):
    """What the stream says, until something is in it."""
    cookie = browser.cookies.get("__Host-board") if browser is not None else ""
    heard, got, status = b"", asyncio.Event(), []
    kin = await commune_of(house, "L")
    scope = {
        "type": "http", "method": "GET", "path": f"/bang/live/{kin}", "raw_path": b"", "root_path": "",
        "query_string": f"since={since}".encode(), "http_version": "1.1", "scheme": "https",
        "server": ("xa.example.vn", 443), "client": ("203.0.113.7", 1),
        "headers": [(b"cookie", f"__Host-board={cookie}".encode())],
    }  # fmt: skip

    async def send(message):
        nonlocal heard
        if message["type"] == "http.response.start":
            status.append(message["status"])
        heard += message.get("body", b"")
        if until in heard or not message.get("more_body", True):
            got.set()

    async def receive():
        await got.wait()
        return {"type": "http.disconnect"}

    async with asyncio.timeout(seconds):
        await house.app(scope, receive, send)
    return status[0], heard


async def looked_on(house):
    """Return when somebody looks on."""
    for _ in range(500):
        if house.board.hub.streams:
            return
        await asyncio.sleep(0.01)
    pytest.fail("nobody looks on")


async def test_the_stream_tells_a_change_within_two_seconds(house):
    browser, kin = await house.enter("L"), await commune_of(house, "L")
    number = await newest(house)
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as group:
        listening = group.create_task(listened(house, browser, number))
        await looked_on(house)
        began = loop.time()
        await house.write(change(commune_id=kin))
    status, heard = listening.result()
    assert status == 200
    assert b"event: change" in heard
    assert loop.time() - began < 2


async def test_what_changed_between_page_and_stream_is_told_at_once(house):
    browser, kin = await house.enter("L"), await commune_of(house, "L")
    number = await newest(house)
    await house.write(change(commune_id=kin))
    _, heard = await listened(house, browser, number, seconds=0.8)
    assert f"id: {number + 1}".encode() in heard


async def test_the_stream_is_for_readers_of_the_commune(house):
    for browser in (None, await house.enter("z"), await house.enter("q")):
        status, heard = await listened(house, browser, 0)
        assert (status, heard) == (403, b"")


async def test_too_many_streams_are_refused(house, monkeypatch):
    monkeypatch.setattr(live, "MOST_STREAMS", 0)
    assert (await listened(house, await house.enter("L"), 0))[0] == 503


async def test_streams_end_when_the_program_stops(house):
    browser = await house.enter("L")
    number = await newest(house)
    async with asyncio.TaskGroup() as group:
        listening = group.create_task(listened(house, browser, number, until=b"nothing"))
        await looked_on(house)
        house.board.hub.close()
    assert listening.result()[0] == 200
    assert PUBLIC


async def test_whoever_looks_in_the_same_second_shares_what_was_read(house, monkeypatch):
    read = []
    load = loading.load_status
    monkeypatch.setattr(loading, "load_status", lambda *args: read.append(1) or load(*args))
    officer, leader = await house.enter("O"), await house.enter("L")
    foreign = await house.enter("z")
    page = await first_page(officer)
    path = str((await first_page(leader)).url)
    read.clear()
    await leader.get(path)
    shared = len(read)
    assert shared <= 1
    assert (await officer.get(path)).status_code == 200
    assert (await foreign.get(path)).status_code in {303, 404}
    assert len(read) == shared, "it was read again"
    await house.write(change(commune_id=await commune_of(house, "L")))
    await leader.get(path)
    assert len(read) == shared + 1, "what has changed was not read"
    monkeypatch.setattr(status_cache, "SECONDS", -1.0)
    await house.write(change(commune_id=await commune_of(house, "L")))
    await leader.get(path)
    await leader.get(path)
    assert len(read) == shared + 3
    assert page.status_code == 200
