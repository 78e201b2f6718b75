"""Limits of evidence: of one person in a day, of a round, and of the disk."""

from datetime import timedelta

import pytest

from handlers.report import attachment_rules
from storage.evidence.evidence_totals import Total
from tests.handlers.report.test_evidence import picture, pieces


@pytest.fixture
async def phone(village):
    """A telephone at the evidence screen of the question about the team."""
    joined = await village.joined("Hùng")
    await joined.press("📝 Báo cáo")
    await joined.send("sửa câu 3")
    await joined.press("➕")
    await joined.press("📎 Minh chứng")
    return joined


async def test_more_files_than_allowed_a_day_wait_for_tomorrow(village, phone, monkeypatch):
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


async def test_removing_a_file_does_not_raise_the_limit_of_the_day(village, phone, monkeypatch):
    monkeypatch.setattr(attachment_rules, "OF_A_DAY", Total(1, 10**9))
    await phone.photo(picture())
    await phone.press("🗑")
    await phone.photo(picture())
    assert "xin để mai gửi tiếp" in phone.screen


async def test_the_size_of_the_files_of_a_day_is_limited_too(village, phone, monkeypatch):
    monkeypatch.setattr(attachment_rules, "OF_A_DAY", Total(100, len(picture()) + 1))
    await phone.photo(picture())
    await phone.photo(picture())
    assert "xin để mai gửi tiếp" in phone.screen


async def test_the_limit_of_one_person_does_not_stop_another(village, phone, monkeypatch):
    monkeypatch.setattr(attachment_rules, "OF_A_DAY", Total(1, 10**9))
    await phone.photo(picture())
    other = await village.joined("Lan")
    await other.press("📝 Báo cáo")
    await other.send("sửa câu 3")
    await other.photo(picture())
    assert len(await pieces(village)) == 2


async def test_the_evidence_of_a_round_is_limited(village, phone, monkeypatch):
    monkeypatch.setattr(attachment_rules, "OF_A_ROUND", Total(1, 10**9))
    await phone.photo(picture())
    await phone.photo(picture())
    assert "của cả xã đã đầy" in phone.screen
    await phone.press("🗑")
    await phone.photo(picture())
    assert len(await pieces(village)) == 1


async def test_evidence_leaves_room_on_the_disk_for_answers(village, phone, monkeypatch):
    monkeypatch.setattr(attachment_rules, "LEAST_ROOM", 10**18)
    await phone.photo(picture())
    assert "máy hết chỗ giữ ảnh và tệp" in phone.screen
    assert await pieces(village) == []
    await phone.send("có")
    assert "✅ Câu 3 đã ghi: Có" in phone.screen
