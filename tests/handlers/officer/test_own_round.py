"""Two areas are merged in the middle of a round: their reports can still be sent."""

import pytest
import sqlalchemy as sa

from storage.places import places
from storage.reports import reports
from storage.tables import unit_successors, units


@pytest.fixture
async def merged(village, officer):
    """Khu 1 has become a part of Khu Mới; the officer has moved Hùng there."""
    hung = await village.joined("Hùng", area="Khu 1")
    await hung.press("📝 Báo cáo")
    await hung.send("350/400")

    def merge(tx):
        old = village.areas["Khu 1"]
        new = places.add_unit(tx, village.commune, "moi", "Khu Mới", valid_from="2026-03-02")
        tx.execute(sa.update(units).where(units.c.id == old).values(valid_to="2026-03-01"))
        tx.execute(sa.insert(unit_successors).values(unit_id=old, successor_id=new.id))

    await village.database.write(merge)
    for text in ("người", "khu 1", "hùng", "chuyển khu", "khu mới", "đúng"):
        await officer.send(text)
    return hung


async def test_a_person_moved_to_the_successor_can_send_the_report_of_the_old_area(
    village, officer, merged
):
    assert "Kỳ đang mở vẫn báo cáo cho Khu 1 đến khi chốt" in officer.screen
    assert "vẫn gửi nốt báo cáo của Khu 1" in merged.screen
    await merged.send("/start")
    assert "Câu 2/8" in merged.screen
    assert "Khu 1" in merged.screen
    await merged.send("gửi")
    await merged.press("📨 Gửi báo cáo")
    await merged.press("📨 Vẫn gửi")
    report = await village.report("Khu 1")
    assert report.state == "sent"
    await officer.send("duyệt")
    await officer.send("Khu 1")
    assert "350/400" in officer.screen


async def test_a_return_reaches_the_person_who_was_moved(village, officer, merged):
    await merged.send("gửi")
    await merged.press("📨 Gửi báo cáo")
    await merged.press("📨 Vẫn gửi")
    unit = village.areas["Khu 1"]

    def give_back(tx):
        report = reports.report_of(tx, village.round, unit)
        now = village.deployment.clock.now()
        reports.return_report(tx, report, ["HT1"], "xin đếm lại", by=None, now=now)

    await village.database.write(give_back)
    await merged.send("/baocao")
    assert "xin đếm lại" in merged.screen


async def test_a_removal_ends_that_right(village, officer, merged):
    for text in ("người", "khu mới", "hùng", "cho thôi"):
        await officer.send(text)
    await officer.press("🗑")
    await merged.send("/baocao")
    assert "Câu" not in merged.screen
    assert not any("Báo cáo" in one for one in merged.buttons)
