"""Photos, files and links as evidence, to the indicators that want them."""

import io

import pytest
from PIL import Image

from storage import evidence


def picture():
    """A small photo with a place in its metadata."""
    image = Image.new("RGB", (32, 24), "green")
    exif = image.getexif()
    exif[0x010E] = "Khu 1"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


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


async def test_a_photo_is_kept_under_a_name_that_says_nothing_and_without_its_place(village, phone):
    await phone.press("➕")
    await phone.press("📎 Minh chứng")
    assert "xin gửi ảnh" in phone.screen
    await phone.photo(picture())
    assert "Đã nhận minh chứng" in phone.screen
    [piece] = await pieces(village)
    assert (piece.indicator, piece.kind) == ("CQ3", "photo")
    kept = village.house.settings.data_dir / piece.path
    assert "CQ3" not in str(piece.path)
    with Image.open(kept) as image:
        assert not image.getexif()
    await phone.press("✅ Xong")
    assert "Câu 3/8" in phone.screen


async def test_several_files_and_a_link_and_the_newest_can_go_again(village, phone):
    await phone.press("➕")
    await phone.press("📎 Minh chứng")
    await phone.photo(picture())
    await phone.file(
        "document", b"%PDF-1.4 ...", name="quyet-dinh.pdf", media_type="application/pdf"
    )
    await phone.send("xem https://xa.example/hop-to ạ")
    assert [p.kind for p in await pieces(village)] == ["photo", "file", "link"]
    await phone.press("🗑")
    assert [p.kind for p in await pieces(village)] == ["photo", "file"]


async def test_a_photo_at_the_question_itself_is_taken_too(village, phone):
    await phone.photo(picture())
    assert len(await pieces(village)) == 1
    assert "Câu 3/8" in phone.screen


async def test_a_photo_where_none_is_wanted_is_refused_with_a_way(village, phone):
    await phone.send("sửa câu 1")
    await phone.photo(picture())
    assert "không cần ảnh" in phone.screen
    assert await pieces(village) == []


async def test_an_answer_typed_while_evidence_is_awaited_is_an_answer(village, phone):
    await phone.press("➕")
    await phone.press("📎 Minh chứng")
    await phone.send("có")
    assert "Câu 4/8" in phone.screen
