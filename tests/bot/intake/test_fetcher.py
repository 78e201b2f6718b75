"""Evidence: fetched after the commit, stored under a random name and without metadata."""

import zlib
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from PIL import Image
from sqlalchemy import select

from bot.simulator.faults import Fault
from storage.evidence import evidence, evidence_totals
from storage.people import people
from storage.reports import reports
from storage.tables import evidence as evidence_table


def picture():
    """A photo with the name of a camera in it."""
    exif = Image.Exif()
    exif[0x010F] = "Máy ảnh của Lan"
    written = BytesIO()
    Image.new("RGB", (40, 20), (200, 30, 30)).save(written, "JPEG", exif=exif)
    return written.getvalue()


def bomb():
    """A PDF of one megabyte with a photo that needs 700 MB when it is unpacked."""
    packer, megabyte = zlib.compressobj(), bytes(1 << 20)
    packed = b"".join(packer.compress(megabyte) for _ in range(700)) + packer.flush()
    pdf, written = pikepdf.new(), BytesIO()
    photo = pdf.make_stream(b"")
    photo.Subtype = pikepdf.Name.Image
    names = pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.DCTDecode])
    photo.write(packed, filter=names)
    pdf.add_blank_page().Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(a=photo))
    pdf.save(written)
    return written.getvalue()


async def passes(town, *, seconds=0, minutes=0, hours=0):
    """Let time pass; evidence that is due by then is tried."""
    moved = timedelta(seconds=seconds, minutes=minutes, hours=hours)
    town.deployment.clock.move_to(town.deployment.clock.now() + moved)
    await town.program.idle()


@pytest.fixture
async def report(town):
    return await town.program.database.write(
        lambda tx: reports.reports_of_round(tx, town.sample.round_id).popitem()[1]
    )


async def attach(town, report, content, kind="document", name="bien-ban.jpg", by=None):
    """Attach evidence as the conversation does: a row in the transaction, then wake the fetcher."""
    world = town.deployment.world
    message = world.send_file(town.head.id, kind, content, name=name, media_type="image/jpeg")
    part = message[kind][-1] if kind == "photo" else message[kind]
    now = town.deployment.clock.now()
    made = await town.program.database.write(
        lambda tx: evidence.add_attachment(
            tx, report, "CQ3", kind="photo" if kind == "photo" else "file",
            reference=part["file_id"], name=name, media_type="image/jpeg", size=None, by=by,
            now=now,
        )
    )  # fmt: skip
    town.program.fetcher.wake()
    return made


async def row(town, number):
    return await town.program.database.read(
        lambda tx: tx.execute(select(evidence_table).where(evidence_table.c.id == number)).one()
    )


async def test_a_file_is_fetched_and_its_reference_is_deleted(town, report):
    number = await attach(town, report, picture())
    await town.program.idle()
    kept = await row(town, number)
    stored = (town.deployment.settings.data_dir / kept.path).read_bytes()
    assert b"Lan" not in stored
    assert kept.size == len(stored)
    assert kept.channel_reference is None
    assert "bien-ban" not in kept.path


async def test_a_failing_fetch_is_tried_again(town, report):
    for fault in (Fault("getFile", code=500), Fault("getFile", code=502)):
        town.deployment.world.faults.add(fault)
    number = await attach(town, report, picture())
    await town.program.idle()
    await passes(town, seconds=2)
    assert (await row(town, number)).path is None
    await passes(town, seconds=10)
    assert (await row(town, number)).path is not None


UNAVAILABLE = "Bad Request: wrong file_id or the file is temporarily unavailable"


@pytest.mark.parametrize("said", [(500, "Internal Server Error"), (400, UNAVAILABLE)])
async def test_an_outage_of_hours_loses_nothing(town, report, said):
    town.deployment.world.faults.add(Fault("getFile", times=999, code=said[0], description=said[1]))
    number = await attach(town, report, picture())
    await town.program.idle()
    for _ in range(18):
        await passes(town, minutes=30)
    standing = await town.program.database.read(evidence_totals.backlog)
    assert (standing.waiting, standing.late) == (1, 1)
    town.deployment.world.faults.clear()
    await passes(town, minutes=30)
    assert (await row(town, number)).path is not None


async def test_after_a_day_a_fetch_is_given_up_and_the_sender_is_told(town, report):
    town.deployment.world.faults.add(Fault("getFile", times=999, code=500))
    person = await town.program.database.read(
        lambda tx: people.find_person(tx, "telegram", str(town.head.id)).id
    )
    number = await attach(town, report, picture(), by=person)
    await town.program.idle()
    for _ in range(47):
        await passes(town, minutes=30)
    assert (await row(town, number)).removed_at is None
    await passes(town, minutes=30)
    assert (await row(town, number)).removed_at is not None
    assert any("không tải về được. Xin gửi lại" in one for one in town.head.screens)


async def test_a_clock_that_is_wrong_for_a_minute_ends_no_fetch(town, report):
    town.deployment.world.faults.add(Fault("getFile", times=999, code=500))
    number = await attach(town, report, picture())
    await town.program.idle()
    await passes(town, hours=45 * 24)
    kept = await row(town, number)
    assert kept.removed_at is None
    (waiting,) = await town.program.database.read(lambda tx: evidence.TO_FETCH.to_fetch(tx, 9))
    assert waiting.due(kept.given_at)  # also after the clock went back


async def test_more_photos_use_up_no_tries_of_the_others(town, report):
    town.deployment.world.faults.add(Fault("getFile", times=999, code=500))
    first = await attach(town, report, picture())
    await town.program.idle()
    for number in range(20):
        await attach(town, report, f"{number}".encode())
    await town.program.idle()
    assert (await row(town, first)).fetch_tries == 1


@pytest.mark.parametrize("why", ["file is too big", "invalid file_id"])
async def test_a_file_that_can_never_be_fetched_is_given_up_and_delays_no_other(town, report, why):
    town.deployment.world.faults.add(Fault("getFile", code=400, description=f"Bad Request: {why}"))
    big = await attach(town, report, b"x")
    await town.program.idle()
    small = await attach(town, report, picture())
    await town.program.idle()
    assert (await row(town, big)).removed_at is not None
    assert (await row(town, small)).path is not None


async def test_a_file_not_fetched_when_the_bot_stopped_is_fetched_later(town, report):
    world = town.deployment.world
    world.faults.add(Fault("getFile", code=500, times=99))
    number = await attach(town, report, picture())
    await town.deployment.until(lambda: world.count("getFile", 500))
    world.faults.clear()
    await passes(town, seconds=2)
    assert (await row(town, number)).path is not None


async def test_a_file_that_kills_the_child_process_is_refused_and_stops_nothing_else(town, report):
    number = await attach(town, report, bomb(), name="bao-cao.pdf")
    await town.program.idle()
    assert (await row(town, number)).openings == 1
    await passes(town, seconds=2)
    assert (await row(town, number)).openings == 2
    await passes(town, seconds=2)
    assert (await row(town, number)).removed_at is not None
    good = await attach(town, report, picture())
    await town.program.idle()
    assert (await row(town, good)).path is not None


async def test_a_file_that_ended_the_bot_twice_is_not_opened_again(town, report):
    town.deployment.world.faults.add(Fault("getFile", code=500))
    number = await attach(town, report, picture())
    await town.program.idle()
    (waiting,) = await town.program.database.read(lambda tx: evidence.TO_FETCH.to_fetch(tx, 9))
    for openings in (0, 1):  # as two killed runs left it
        again = replace(waiting, openings=openings)
        await town.program.database.write(
            lambda tx, row=again: evidence.TO_FETCH.count_opening(tx, row)
        )
    await passes(town, seconds=2)
    kept = await row(town, number)
    assert (kept.path, kept.openings) == (None, 2)
    assert kept.removed_at is not None


async def test_removed_evidence_is_deleted_from_the_disk(town, report):
    number = await attach(town, report, picture())
    await town.program.idle()
    file = town.deployment.settings.data_dir / (await row(town, number)).path
    assert file.exists()
    now = town.deployment.clock.now()
    await town.program.database.write(lambda tx: evidence.remove(tx, number, by=None, now=now))
    await town.program.jobs.sweep()
    assert not file.exists()
    assert (await row(town, number)).path is None


async def test_two_workers_that_fetch_one_file_at_once_keep_it_once(town, report):
    town.deployment.world.faults.add(Fault("getFile", delay=0.2))
    number = await attach(town, report, picture())
    (waiting,) = await town.program.database.read(lambda tx: evidence.TO_FETCH.to_fetch(tx, 9))
    await town.program.fetcher._fetch(
        town.program.fetcher._kinds[0], waiting
    )  # as another worker that was active before
    await town.program.idle()
    kept = await row(town, number)
    folder = town.deployment.settings.data_dir / "evidence"
    assert [str(file.relative_to(folder.parent)) for file in folder.glob("*/*")] == [kept.path]
