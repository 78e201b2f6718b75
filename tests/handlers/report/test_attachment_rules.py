"""Evidence has an end: of one person in a day, in a round, and before the disk is full."""

from datetime import timedelta

import pytest

from handlers.report import attachment_rules
from storage.evidence_totals import Total
from tests.handlers.report.test_evidence import picture, pieces


@pytest.fixture
async def phone(village):
    """At the question about the team, where evidence is awaited."""
    joined = await village.joined("Hùng")
    await joined.press("📝 Báo cáo")
    await joined.send("sửa câu 3")
    await joined.press("➕")
    await joined.press("📎 Minh chứng")
    return joined


async def test_after_so_many_of_a_day_the_rest_waits_for_tomorrow(village, phone, monkeypatch):
    monkeypatch.setattr(attachment_rules, "OF_A_DAY", Total(2, 10**9))
    await phone.photo(picture())
    await phone.send("https://xa.example/hop-to")
    assert "Đã có: 2 minh chứng" in phone.screen
    await phone.photo(picture())
    assert "xin để mai gửi tiếp" in phone.screen
    await phone.send("https://xa.example/hai")
    assert "xin để mai gửi tiếp" in phone.screen
    assert len(await pieces(village)) == 2
    await phone.send("có")
    assert "✅ Câu 3 đã ghi: Có" in phone.screen
    clock = village.deployment.clock
    clock.move_to(clock.now() + timedelta(days=1))
    await phone.send("sửa câu 3")
    await phone.photo(picture())
    assert len(await pieces(village)) == 3


async def test_taking_away_makes_no_room_for_more_of_the_same_day(village, phone, monkeypatch):
    monkeypatch.setattr(attachment_rules, "OF_A_DAY", Total(1, 10**9))
    await phone.photo(picture())
    await phone.press("🗑")
    await phone.photo(picture())
    assert "xin để mai gửi tiếp" in phone.screen


async def test_what_one_gives_is_measured_too(village, phone, monkeypatch):
    monkeypatch.setattr(attachment_rules, "OF_A_DAY", Total(100, len(picture()) + 1))
    await phone.photo(picture())
    await phone.photo(picture())
    assert "xin để mai gửi tiếp" in phone.screen


async def test_one_persons_end_is_not_anothers(village, phone, monkeypatch):
    monkeypatch.setattr(attachment_rules, "OF_A_DAY", Total(1, 10**9))
    await phone.photo(picture())
    other = await village.joined("Lan")
    await other.press("📝 Báo cáo")
    await other.send("sửa câu 3")
    await other.photo(picture())
    assert len(await pieces(village)) == 2


async def test_a_round_holds_only_so_much(village, phone, monkeypatch):
    monkeypatch.setattr(attachment_rules, "OF_A_ROUND", Total(1, 10**9))
    await phone.photo(picture())
    await phone.photo(picture())
    assert "của cả xã đã đầy" in phone.screen
    await phone.press("🗑")
    await phone.photo(picture())
    assert len(await pieces(village)) == 1


async def test_what_answers_need_stays_free_on_the_disk(village, phone, monkeypatch):
    monkeypatch.setattr(attachment_rules, "LEAST_ROOM", 10**18)
    await phone.photo(picture())
    assert "máy hết chỗ giữ ảnh và tệp" in phone.screen
    assert await pieces(village) == []
    await phone.send("có")
    assert "✅ Câu 3 đã ghi: Có" in phone.screen
