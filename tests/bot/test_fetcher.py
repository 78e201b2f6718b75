"""Evidence: fetched after the commit, under a name that says nothing, without metadata."""

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from bot import fetcher
from bot.simulator.faults import Fault
from storage import evidence, reports
from storage.tables import evidence as evidence_table


def picture():
    """A photo with a camera's name in it."""
    exif = Image.Exif()
    exif[0x010F] = "Máy ảnh của Lan"
    written = BytesIO()
    Image.new("RGB", (40, 20), (200, 30, 30)).save(written, "JPEG", exif=exif)
    return written.getvalue()


@pytest.fixture
async def report(town, monkeypatch):
    monkeypatch.setattr(fetcher, "PAUSES", (0.01,))
    return await town.program.database.write(
        lambda tx: reports.reports_of_round(tx, town.sample.round_id).popitem()[1]
    )


async def attach(town, report, content, kind="document", name="bien-ban.jpg"):
    """As the conversation does it: a row in the same transaction, then the fetcher is woken."""
    world = town.house.world
    message = world.send_file(town.head.id, kind, content, name=name, media_type="image/jpeg")
    part = message[kind][-1] if kind == "photo" else message[kind]
    now = town.house.clock.now()
    made = await town.program.database.write(
        lambda tx: evidence.add_attachment(
            tx, report, "CQ3", kind="photo" if kind == "photo" else "file",
            reference=part["file_id"], name=name, media_type="image/jpeg", size=None, by=None,
            now=now,
        )
    )  # fmt: skip
    town.program.fetcher.wake()
    return made


async def row(town, number):
    return await town.program.database.read(
        lambda tx: tx.execute(select(evidence_table).where(evidence_table.c.id == number)).one()
    )


async def test_a_file_is_fetched_and_the_messengers_name_for_it_forgotten(town, report):
    number = await attach(town, report, picture())
    await town.program.idle()
    kept = await row(town, number)
    stored = (town.house.settings.data_dir / kept.path).read_bytes()
    assert b"Lan" not in stored
    assert kept.size == len(stored)
    assert kept.channel_reference is None
    assert "bien-ban" not in kept.path


async def test_a_failing_fetch_is_tried_again(town, report):
    for fault in (Fault("getFile", code=500), Fault("getFile", code=502)):
        town.house.world.faults.add(fault)
    number = await attach(town, report, picture())
    await town.program.idle()
    assert (await row(town, number)).path is not None


async def test_what_is_too_big_is_given_up_and_does_not_hold_up_others(town, report):
    town.house.world.faults.add(
        Fault("getFile", code=400, description="Bad Request: file is too big")
    )
    big = await attach(town, report, b"x")
    await town.program.idle()
    small = await attach(town, report, b"small")
    await town.program.idle()
    assert (await row(town, big)).path is None
    assert (await row(town, small)).path is not None


async def test_what_was_not_fetched_when_the_bot_stopped_is_fetched_later(town, report):
    world = town.house.world
    world.faults.add(Fault("getFile", code=500, times=99))
    number = await attach(town, report, b"content")
    await town.house.until(lambda: world.count("getFile", 500))
    world.faults.clear()
    await town.program.idle()
    assert (await row(town, number)).path is not None


async def test_what_is_taken_away_goes_from_the_disk_too(town, report):
    number = await attach(town, report, b"content")
    await town.program.idle()
    file = town.house.settings.data_dir / (await row(town, number)).path
    assert file.exists()
    now = town.house.clock.now()
    await town.program.database.write(lambda tx: evidence.remove(tx, number, by=None, now=now))
    await town.program.ticks.sweep()
    assert not file.exists()
    assert (await row(town, number)).path is None


async def test_of_two_workers_that_fetch_a_file_at_once_one_keeps_it(town, report):
    town.house.world.faults.add(Fault("getFile", delay=0.2))
    number = await attach(town, report, picture())
    (waiting,) = await town.program.database.read(lambda tx: evidence.to_fetch(tx, 9))
    assert await town.program.fetcher._fetch(waiting)  # as another worker that was on duty before
    await town.program.idle()
    kept = await row(town, number)
    folder = town.house.settings.data_dir / "evidence"
    assert [str(file.relative_to(folder.parent)) for file in folder.glob("*/*")] == [kept.path]
