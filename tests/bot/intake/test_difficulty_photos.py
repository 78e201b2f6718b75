"""The photo of a difficulty that was sent on Zalo is kept before its address expires."""

import io
from datetime import timedelta

from PIL import Image

from bot.messengers import FileNotFetched
from bot.operations.check.evidence import evidence_findings, files_named
from storage.difficulties import difficulties, difficulty_photos
from storage.evidence.evidence_files import files_on_disk
from storage.rounds import rounds
from tests.bot.test_both_messengers import BOT, both_running


def picture():
    exif = Image.Exif()
    exif[0x010F] = "Máy ảnh của Lan"
    out = io.BytesIO()
    Image.new("RGB", (32, 24), "green").save(out, "JPEG", exif=exif)
    return out.getvalue()


async def photos(both):
    found = await both.database.read(lambda tx: difficulties.open_difficulties(tx, both.commune))
    return [one.photo for one in found]


async def test_a_photo_on_zalo_is_kept_and_shown_on_both_messengers(deployment):
    async with both_running(deployment) as both:
        officer = await both.joined("Mai", "officer")
        head = await both.zalo_phone("Hùng")
        await head.send("/vuongmac")
        await head.photo(picture())
        await head.send("mất sóng cả xóm")
        both.deployment.program.fetcher.wake()  # as it does by itself within ten seconds
        await both.deployment.program.idle()
        (kept,) = await photos(both)
        folder = both.deployment.settings.data_dir
        assert difficulty_photos.is_kept(kept)
        content = (folder / kept).read_bytes()
        assert content.startswith(b"\xff\xd8")
        assert "Máy ảnh".encode() not in content
        both.zalo.media.lifetime = timedelta(0)
        await officer.press("💬 Xem")
        await officer.press("📷")
        assert officer.message(-2)["photo"]
        named = await both.database.read(files_named)
        (found,) = evidence_findings(folder, list(files_on_disk(folder)), named)
        assert found.ok
        later = both.deployment.clock.now() + timedelta(days=1500)

        def taken_away(tx):
            gone = difficulty_photos.past_retention(tx, later)
            difficulty_photos.remove(tx, gone)
            return len(gone)

        assert await both.database.write(taken_away) == 0  # the round is open
        now = both.deployment.clock.now()
        await both.database.write(lambda tx: rounds.close_round(tx, both.round, now))
        assert await both.database.write(taken_away) == 1
        assert await photos(both) == [None]
        await both.deployment.program.jobs.drop_old()
        assert list(files_on_disk(folder)) == []


async def test_a_photo_that_cannot_be_kept_is_asked_for_again(deployment):
    async with both_running(deployment) as both:
        head = await both.zalo_phone("Hùng")
        await head.send("/vuongmac")
        await head.photo(b"no picture at all", "mất sóng cả xóm")
        await both.deployment.program.idle()
        assert await photos(both) == [None]
        assert any("Xin gửi lại ảnh" in one for one in head.screens)


async def test_a_photo_that_killed_two_processes_is_not_opened_again(deployment):
    async with both_running(deployment) as both:
        head = await both.zalo_phone("Hùng")
        part = both.deployment.program.parts[BOT]
        fetch, part.files.fetch = part.files.fetch, unavailable
        await head.send("/vuongmac")
        await head.photo(picture(), "mất sóng cả xóm")
        await both.deployment.program.idle()
        for _ in range(2):  # counted before each opening, which ended the process

            def opening(tx):
                (one,) = difficulty_photos.TO_FETCH.to_fetch(tx, 9)
                difficulty_photos.TO_FETCH.count_opening(tx, one)

            await both.database.write(opening)
        part.files.fetch = fetch
        both.deployment.clock.move_to(both.deployment.clock.now() + timedelta(seconds=3))
        await both.deployment.program.idle()
        assert await photos(both) == [None]
        assert any("Xin gửi lại ảnh" in one for one in head.screens)


async def test_the_tries_of_a_photo_go_on_after_a_restart(deployment):
    async with both_running(deployment) as both:
        head = await both.zalo_phone("Hùng")
        both.deployment.program.parts[BOT].files.fetch = unavailable
        await head.send("/vuongmac")
        await head.photo(picture(), "mất sóng cả xóm")
        await both.deployment.program.idle()
        async with deployment.outage():
            pass
        both.deployment.program.parts[BOT].files.fetch = unavailable
        for _ in range(3):
            deployment.clock.move_to(deployment.clock.now() + timedelta(minutes=10))
            await both.deployment.program.idle()
        (one,) = await both.database.read(lambda tx: difficulty_photos.TO_FETCH.to_fetch(tx, 9))
        assert one.tries >= 4


async def unavailable(reference, largest):
    raise FileNotFetched("answered 500")
