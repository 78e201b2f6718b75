"""Evidence: fetched after the commit, under a name that says nothing, without metadata."""

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from bot import fetcher
from bot.fetcher import without_metadata
from bot.simulator.faults import Fault
from storage import evidence, reports
from storage.tables import evidence as evidence_table


def picture(form="JPEG", orientation=None, size=(40, 20)):
    image = Image.new("RGB", size, (200, 30, 30))
    exif = Image.Exif()
    exif[0x010F] = "Máy ảnh của Lan"
    exif.get_ifd(0x8825)[1] = "N"
    if orientation:
        exif[0x0112] = orientation
    written = BytesIO()
    image.save(written, form, exif=exif)
    return written.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_loses_place_time_and_camera(form):
    before = picture(form)
    assert b"Lan" in before
    after = without_metadata(before)
    assert b"Lan" not in after
    with Image.open(BytesIO(after)) as image:
        assert image.format == form
        assert image.size == (40, 20)
        assert dict(image.getexif()) == {}


def test_a_picture_taken_sideways_is_turned_upright():
    with Image.open(BytesIO(without_metadata(picture(orientation=6)))) as image:
        assert image.size == (20, 40)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 ...", b"\xff\xd8\xff\xe1broken", b"x" * 100])
def test_what_is_no_picture_stays_as_it_is(content):
    assert without_metadata(content) == content


def test_a_stored_file_is_only_for_us_and_says_nothing(tmp_path):
    path, size = fetcher.store(tmp_path, b"hello")
    file = tmp_path / path
    assert file.read_bytes() == b"hello"
    assert size == 5
    assert file.stat().st_mode & 0o777 == 0o600
    first, second, name = path.split("/")
    assert (first, second) == ("evidence", name[:2])
    assert [p.name for p in file.parent.iterdir()] == [name]


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
