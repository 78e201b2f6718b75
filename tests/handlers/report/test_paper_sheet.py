"""A photo of the paper list: an officer enters the report, the area confirms it."""

import zipfile
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.intake import chats
from handlers.exports.evidence import write_evidence
from handlers.exports.material import material_of
from handlers.report.attachment_rules import not_kept
from handlers.texts import texts_of
from storage.evidence import evidence
from storage.evidence.evidence import WHOLE_REPORT
from storage.people import people
from storage.places import places
from storage.rounds import rounds
from storage.tables import outbox, round_units
from tests.handlers.report.test_evidence import picture, sent_as_album
from tests.handlers.review.test_review import REPLIES

VI = texts_of("vi")
SEND = "📷 Gửi cán bộ xã nhập giúp"


@pytest.fixture(autouse=True)
def _short_wait(monkeypatch):
    monkeypatch.setattr(chats, "ALBUM_SECONDS", 0.2)


@pytest.fixture
async def mai(village):
    return await village.joined("Mai", role="officer")


@pytest.fixture
async def hung(village, mai):
    return await village.joined("Hùng")


async def sheets(village):
    report = await village.report()
    if report is None:
        return []
    pieces = await village.database.read(lambda tx: evidence.evidence_of(tx, report.id))
    return [one for one in pieces if one.indicator == WHOLE_REPORT]


async def test_a_photo_of_a_sheet_goes_to_the_officer_who_enters_the_report(village, mai, hung):
    await hung.photo(picture())
    assert "ảnh phiếu giấy" in hung.screen
    assert hung.buttons == [SEND, "📝 Báo cáo"]
    assert await sheets(village) == []  # nothing is stored before the press
    await hung.press(SEND)
    assert "Đã gửi ảnh phiếu cho cán bộ xã" in hung.screen
    assert len(await sheets(village)) == 1
    assert "Khu 1 gửi 1 ảnh phiếu giấy" in mai.screen
    await mai.press("☎️ Nhập giúp khu")
    photo = [one for one in mai.messages if "photo" in one][-1]
    assert "Phiếu giấy của Khu 1" in photo["caption"]
    assert "Đang ghi giúp Khu 1" in mai.screen
    for text in REPLIES:
        await mai.send(text)
    await mai.press("📨 Gửi báo cáo")
    assert "Xã vừa ghi giúp báo cáo của Khu 1" in hung.screen
    await hung.press("✅ Đúng")
    await mai.press("🗂 Duyệt")
    await mai.press("Khu 1")
    await mai.press("📎")
    assert "Ảnh phiếu giấy: ảnh" in mai.screen


async def test_a_photo_at_a_question_without_evidence_leaves_the_question_open(village, mai, hung):
    await hung.press("📝 Báo cáo")
    await hung.photo(picture())
    assert "Câu đang hỏi không cần ảnh" in hung.screen
    offer = next(one for one in hung.messages[::-1] if "ảnh phiếu giấy" in one.get("text", ""))
    await hung.send("340")
    assert "Câu 2/8" in hung.screen
    await hung.press(SEND, on=offer)  # the photo belongs to its own message, however old
    assert len(await sheets(village)) == 1


async def test_an_album_gets_one_offer(village, mai, hung):
    await sent_as_album(village, hung, picture(), picture())
    await hung.press(SEND)
    assert len(await sheets(village)) == 2


async def test_without_an_officer_or_after_sending_there_is_no_offer(village):
    alone = await village.joined("Hùng")
    await alone.photo(picture())
    assert SEND not in alone.buttons
    assert "chưa cần ảnh" in alone.screen


async def test_a_sent_report_is_corrected_not_entered_again(village, mai, hung):
    await hung.photo(picture())
    offer = hung.message()
    await hung.press("📝 Báo cáo")
    for text in REPLIES:
        await hung.send(text)
    await hung.press("📨 Gửi báo cáo")
    await hung.press(SEND, on=offer)
    assert any("Báo cáo của khu đã gửi rồi" in one.get("text", "") for one in hung.messages)
    assert await sheets(village) == []


async def test_a_sheet_that_could_not_be_kept_is_reported_and_in_the_archive(
    village, mai, hung, tmp_path
):
    await hung.photo(picture())
    await hung.press(SEND)
    (sheet,) = await sheets(village)
    clock, zone = village.deployment.clock, village.deployment.settings.timezone

    def listed(tx):
        material = material_of(tx, rounds.known_round(tx, village.round), VI, zone)
        material = replace(material, evidence=(sheet,))
        write_evidence(material, VI, village.deployment.settings.data_dir, tmp_path / "a.zip")
        made = zipfile.ZipFile(tmp_path / "a.zip")
        return "".join(made.read(name).decode() for name in made.namelist())  # not fetched yet

    assert ",,k1,photo," in await village.database.read(listed)  # of no indicator
    await village.database.write(lambda tx: not_kept(tx, sheet.id, "unopened", clock.now(), zone))
    told = await village.database.read(lambda tx: tx.scalars(sa.select(outbox.c.payload)).all())
    assert any("“Ảnh phiếu giấy” không mở được" in one for one in told)
    assert await sheets(village) == []


async def test_a_photo_can_be_for_any_of_many_areas_by_page_or_by_name(village, mai, hung):
    now = village.deployment.clock.now()

    def add(tx):
        person = people.find_person(tx, "telegram", str(hung.id))
        for number in range(2, 13):
            unit = village.areas.get(f"Khu {number}") or _area(tx, number)
            people.add_membership(tx, person.id, "reporter", now=now, unit_id=unit)

    def _area(tx, number):
        unit = places.add_unit(tx, village.commune, f"k{number}", f"Khu {number}", number=number)
        asked = {"round_id": village.round, "unit_id": unit.id, "position": number}
        tx.execute(sa.insert(round_units).values(asked))
        return unit.id

    await village.database.write(add)
    await sent_as_album(village, hung, picture(), picture())
    seen = []
    while True:
        seen += [one for one in hung.buttons if one.startswith("📷")]
        assert len(hung.buttons) <= 8
        if "Trang sau ▶" not in hung.buttons:
            break
        await hung.press("Trang sau ▶")
    assert len(seen) == len(set(seen)) == 12
    await hung.press("📷 Gửi: Khu 12")
    assert "Khu 12 gửi 2 ảnh phiếu giấy" in mai.screen
    await hung.photo(picture())
    await hung.send("khu 9")
    assert "Khu 9 gửi 1 ảnh phiếu giấy" in mai.screen
