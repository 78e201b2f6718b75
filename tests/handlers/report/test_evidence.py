"""Photos, files and links as evidence for the indicators that want them."""

import io
from datetime import timedelta

import pikepdf
import pytest
import sqlalchemy as sa
from PIL import Image

from bot.intake import chats
from bot.simulator.faults import Fault
from criteria.sets.set_file import shipped_text
from storage.evidence import evidence
from storage.rounds import criteria_texts
from storage.tables import evidence as table
from storage.tables import rounds as rounds_table
from tests.handlers.conftest import SET
from tests.phone import text_of


def picture():
    """A small photo with a place in its metadata."""
    image = Image.new("RGB", (32, 24), "green")
    exif = image.getexif()
    exif[0x010E] = "Khu 1"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def pdf():
    """A document of one empty page."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _short_wait(monkeypatch):
    monkeypatch.setattr(chats, "ALBUM_SECONDS", 0.2)


@pytest.fixture
async def phone(village):
    """At the question about the team, which wants evidence."""
    joined = await village.joined("Hùng")
    await joined.press("📝 Báo cáo")
    await joined.send("340")
    await joined.send("5")
    return joined


async def pieces(village):
    report = await village.report()
    return await village.database.read(lambda tx: evidence.evidence_of(tx, report.id))


async def test_a_photo_is_stored_under_a_random_name_and_without_its_place(village, phone):
    await phone.press("➕")
    await phone.press("📎 Minh chứng")
    assert "xin gửi ảnh" in phone.screen
    await phone.photo(picture())
    assert "Đã nhận minh chứng" in phone.screen
    [piece] = await pieces(village)
    assert (piece.indicator, piece.kind) == ("CQ3", "photo")
    kept = village.deployment.settings.data_dir / piece.path
    assert "CQ3" not in str(piece.path)
    with Image.open(kept) as image:
        assert not image.getexif()
    await phone.press("✅ Xong")
    assert "Câu 3/8" in phone.screen


async def test_several_files_and_a_link_can_be_sent_and_the_newest_removed(village, phone):
    await phone.press("➕")
    await phone.press("📎 Minh chứng")
    await phone.photo(picture())
    await phone.file("document", pdf(), name="quyet-dinh.pdf", media_type="application/pdf")
    await phone.send("xem https://xa.example/hop-to ạ")
    assert [p.kind for p in await pieces(village)] == ["photo", "file", "link"]
    await phone.press("🗑")
    assert [p.kind for p in await pieces(village)] == ["photo", "file"]


async def test_a_photo_sent_at_the_question_is_accepted_too(village, phone):
    await phone.photo(picture())
    assert len(await pieces(village)) == 1
    assert "Câu 3/8" in phone.screen


async def test_a_caption_of_a_photo_is_not_an_answer_and_the_sender_is_told(village, phone):
    await phone.photo(picture(), caption="có rồi ạ")
    assert len(await pieces(village)) == 1
    assert "✍️ Chữ nhắn kèm ảnh hay tệp thì máy không ghi." in phone.screen
    await phone.send("sửa câu 1")
    await phone.photo(picture(), caption="350/400")
    assert "Câu đang hỏi không cần ảnh ạ." in phone.screen
    assert "xin nhắn riêng ạ" in phone.screen
    assert len(await pieces(village)) == 1


async def test_a_photo_where_none_is_wanted_is_refused_with_a_way_on(village, phone):
    await phone.send("sửa câu 1")
    await phone.photo(picture())
    assert "không cần ảnh" in phone.screen
    assert await pieces(village) == []


async def test_an_answer_typed_on_the_evidence_screen_is_an_answer(village, phone):
    await phone.press("➕")
    await phone.press("📎 Minh chứng")
    await phone.send("có")
    assert "Câu 4/8" in phone.screen


MOVIE = b"\x00\x00\x00\x18ftypqt  " + b"21.3456 N"


async def test_a_picture_that_cannot_be_cleaned_is_refused_with_a_way_on(village, phone):
    await phone.file("document", b"II*\x00", name="IMG_1.DNG", media_type="image/x-adobe-dng")
    assert "chưa gỡ được nơi chụp" in phone.screen
    assert "Câu 3/8" in phone.screen
    assert await pieces(village) == []


@pytest.mark.parametrize("name", ["IMG_1.MOV", "VID_1.mp4", "a.mts", "so-sach.zip", "cu.doc"])
async def test_a_file_of_a_forbidden_type_is_refused_with_what_to_send_instead(
    village, phone, name
):
    await phone.file("document", MOVIE, name=name)
    assert "Xin gửi ảnh, hoặc tệp PDF, Word (.docx), Excel (.xlsx)" in phone.screen
    assert "Câu 3/8" in phone.screen
    assert await pieces(village) == []


async def test_a_video_is_refused_with_what_to_send_instead(village, phone):
    await phone.file("video", MOVIE)
    assert "Xin gửi ảnh, hoặc tệp PDF" in phone.screen
    assert await pieces(village) == []


@pytest.mark.parametrize("kind", ["video", "voice"])
async def test_a_recording_where_no_photo_is_asked_is_answered_by_how_to_answer(village, kind):
    hung = await village.joined("Hùng")
    for asked in (False, True):
        if asked:
            await hung.press("📝 Báo cáo")
        await hung.file(kind, MOVIE)
        assert "Xin trả lời bằng chữ hoặc số ạ." in hung.screen
        assert "ảnh" not in hung.screen
        assert ("Câu 1/8" in hung.screen) is asked


async def test_a_file_with_a_false_type_is_detected_and_the_sender_is_told_once(village, phone):
    await phone.file("document", MOVIE, name="bien-ban.jpg", media_type="image/jpeg")
    assert await pieces(village) == []
    assert sum("thuộc loại máy không nhận" in one for one in phone.screens) == 1
    assert "📎 Mở câu này" in phone.buttons
    await phone.press("📎 Mở câu này")
    assert "Câu 3/8" in phone.screen
    assert "📎" not in phone.screen
    files = list((village.deployment.settings.data_dir / "evidence").rglob("*"))
    assert files == []


async def test_a_file_that_is_too_big_is_refused_at_once(village, phone):
    await phone.file("document", b"%PDF" + bytes(21 * 1024 * 1024), name="so.pdf")
    assert "quá 20 MB" in phone.screen
    assert await pieces(village) == []


async def test_the_first_photo_comes_with_a_warning_and_no_later_one(village, phone):
    warning = "không nên có mặt người hay giấy tờ"
    await phone.photo(picture())
    assert warning in phone.screen
    await phone.photo(picture())
    assert warning not in phone.screen
    other = await village.joined("Lan", area="Khu 2")
    await other.press("📝 Báo cáo")
    await other.send("sửa câu 3")
    await other.press("➕")
    await other.press("📎 Minh chứng")
    assert "giấy tờ tuỳ thân" in other.screen
    await other.photo(picture())
    assert warning not in other.screen


async def sent_as_album(village, phone, *contents, **more):
    for content in contents:
        village.deployment.world.send_file(phone.id, "photo", content, album="7", **more)
    await phone.settled()


async def test_an_album_is_several_pieces_of_evidence_and_gets_one_reply(village, phone):
    before = len(phone.messages)
    await sent_as_album(village, phone, *[picture()] * 10)
    assert [one.kind for one in await pieces(village)] == ["photo"] * 10
    assert len(phone.messages) == before + 1
    assert phone.screen.count("không nên có mặt người hay giấy tờ") == 1
    assert phone.screen.count("Đã nhận minh chứng") == 1
    assert "Câu 3/8" in phone.screen


async def test_the_reply_to_an_album_says_which_file_was_refused(village, phone):
    before = len(phone.messages)
    world = village.deployment.world
    world.send_file(phone.id, "photo", picture(), album="7", caption="có rồi ạ")
    world.send_file(
        phone.id, "document", b"%PDF" + bytes(21 * 1024 * 1024), album="7", name="so.pdf"
    )
    world.send_file(phone.id, "photo", picture(), album="7")
    await phone.settled()
    assert len(phone.messages) == before + 1
    assert "quá 20 MB" in phone.screen
    assert "Chữ nhắn kèm ảnh hay tệp thì máy không ghi." in phone.screen
    assert "Đã nhận minh chứng" in phone.screen
    assert len(await pieces(village)) == 2


async def test_a_text_after_an_album_is_answered_after_the_album(village, phone):
    before = len(phone.messages)
    world = village.deployment.world
    for _ in range(3):
        world.send_file(phone.id, "photo", picture(), album="7")
    world.send_text(phone.id, "có")
    await phone.settled()
    first, second = phone.messages[before:]
    assert "Câu 3/8" in text_of(first)
    assert "Câu 4/8" in text_of(second)
    assert len(await pieces(village)) == 3


async def test_the_office_sees_a_file_only_after_cleaning(village, phone):
    await phone.file("document", picture(), name="hop.jpg", media_type="image/jpeg")
    unfetched = {"path": None, "channel_reference": "AgAC", "fetch_tries": 1}
    await village.database.write(lambda tx: tx.execute(sa.update(table).values(unfetched)))
    await phone.send("gửi")
    await phone.press("📨 Gửi báo cáo")
    await phone.press("📨 Vẫn gửi")
    mai = await village.joined("Mai", role="officer")
    await mai.send("/duyet")
    await mai.press("Khu 1")
    await mai.press("📎 Xem minh chứng")
    assert "chưa tải về được, máy đang thử lại" in mai.screen
    assert not any("document" in one or "photo" in one for one in mai.messages)


async def test_evidence_that_telegram_does_not_deliver_counts_as_missing(village, phone):
    required = shipped_text(SET).replace('evidence = "optional"', 'evidence = "required"')

    def have_it_required(tx):
        tx.execute(sa.update(rounds_table).values(criteria_hash=criteria_texts.store(tx, required)))

    await village.database.write(have_it_required)
    world, clock = village.deployment.world, village.deployment.clock
    world.faults.add(Fault("getFile", times=99, code=500))
    await phone.photo(picture())
    await phone.send("gửi")
    assert "📎 Câu 3: minh chứng máy chưa tải về được, đang thử lại." in phone.screen
    assert "📎 Còn thiếu minh chứng: câu 4 (" in phone.screen
    await phone.press("📨 Gửi báo cáo")
    await phone.press("📨 Vẫn gửi")
    mai = await village.joined("Mai", role="officer")
    assert "3. Tổ công nghệ số: chưa trả lời (trước Có) 📎 ⚠️🖼" in await reviewed(mai)
    world.faults.clear()
    clock.move_to(clock.now() + timedelta(minutes=1))
    await phone.settled()
    assert "3. Tổ công nghệ số: chưa trả lời (trước Có) 📎 ⚠️\n" in await reviewed(mai)


async def reviewed(mai):
    """The report of Khu 1 as the officer sees it."""
    await mai.send("/duyet")
    await mai.press("Khu 1")
    return mai.screen
