"""Notices: recipients, the preview with the count, the fate, stopping, notices by an operator."""

from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa

from bot.simulator.faults import Fault
from handlers.announcements.delivery import notices_work
from storage.tables import outbox

# The village: Monday 2 March 2026, 9:00; Khu 1 to Khu 3 have not reported.


@pytest.fixture
async def mai(village):
    return await village.joined("Mai", role="officer")


@pytest.fixture
async def hung(village):
    return await village.joined("Hùng")


@pytest.fixture
async def lan(village):
    return await village.joined("Lan", area="Khu 2")


async def begun(mai):
    await mai.send("/quanly")
    await mai.press("📢 Nhắn tin")
    await mai.press("✍️ Viết tin mới")


async def report(phone):
    await phone.send("/baocao")
    await phone.send("350/400")
    await phone.send("gửi")
    await phone.press("📨 Gửi báo cáo")
    await phone.press("📨 Vẫn gửi")


async def ticked(deployment):
    await deployment.program.jobs.tick()
    await deployment.quiet()


async def test_a_caption_can_be_typed_without_its_count(village, mai, hung):
    await begun(mai)
    await mai.send("khu chưa gửi")
    assert "Xin viết lời nhắn cho các khu chưa gửi" in mai.screen


async def test_a_notice_to_all_can_be_written_by_pressing(village, deployment, mai, hung, lan):
    await begun(mai)
    await mai.press("👥 Mọi thành viên tổ (2)")
    assert "Xin viết lời nhắn cho mọi thành viên tổ (2 người)" in mai.screen
    await mai.send("Tối nay 19 giờ họp tổ ở nhà văn hoá <Khu 1>.")
    assert mai.screen.startswith("Nhắn cho mọi thành viên tổ, 2 người, như thế này ạ?")
    assert "📢 Xã Đồi Chè nhắn:" in mai.screen
    assert not any("họp tổ" in one for one in hung.screens)
    preview = dict(mai.message())
    await mai.press("📨 Nhắn 2 người")
    await mai.press("📨 Nhắn 2 người", on=preview)
    for phone in (hung, lan):
        assert sum("họp tổ ở nhà văn hoá <Khu 1>" in one for one in phone.screens) == 1
    await mai.send("/quanly")
    await mai.press("📢 Nhắn tin")
    await mai.press("2/2")
    assert "✅ Đã tới: 2" in mai.screen
    await ticked(deployment)
    await ticked(deployment)
    assert sum("đã tới đủ 2 người" in one for one in mai.screens) == 1


async def test_two_workers_that_find_a_notice_done_tell_the_writer_once(
    village, deployment, mai, hung, lan
):
    await begun(mai)
    await mai.press("👥 Mọi thành viên tổ (2)")
    await mai.send("Tối nay họp tổ.")
    await mai.press("📨 Nhắn 2 người")
    database, now = deployment.program.database, deployment.clock.now()
    found = [
        await database.read(lambda tx: notices_work(tx, now, deployment.program.deployment))
        for _ in "ab"
    ]
    for work in found:
        for one in work:
            await database.write(one)
    await ticked(deployment)
    assert [len(work) for work in found] == [1, 1]
    assert sum("đã tới đủ 2 người" in one for one in mai.screens) == 1


async def test_a_notice_to_one_area_can_be_written_by_typing(village, mai, hung, lan):
    await mai.send("/quanly")
    for text in (
        "nhắn tin",
        "viết tin mới",
        "một khu…",
        "Khu 2",
        "Xin đếm lại giúp",
        "Nhắn 1 người",
    ):
        await mai.send(text)
    assert "Xin đếm lại giúp" in lan.screen
    assert not any("Xin đếm lại giúp" in one for one in hung.screens)


async def test_a_notice_can_go_only_to_people_who_are_late(village, mai, hung, lan):
    await report(hung)
    await begun(mai)
    await mai.press("📭 Khu chưa gửi (1)")
    await mai.send("Chỉ còn khu mình thôi ạ")
    await mai.press("📨 Nhắn 1 người")
    assert "Chỉ còn khu mình" in lan.screen
    assert not any("Chỉ còn khu mình" in one for one in hung.screens)


async def test_a_notice_waits_for_the_morning_and_skips_people_who_have_reported(
    village, deployment, mai, hung, lan
):
    deployment.clock.move_to(deployment.clock.now() + timedelta(hours=13))  # 22:00
    await begun(mai)
    await mai.press("📭 Khu chưa gửi (2)")
    await mai.send("Nhờ gửi sớm ạ")
    await mai.press("📨 Nhắn 2 người")
    assert "⏳ Đang chờ: 2" in mai.screen
    assert not any("Nhờ gửi sớm" in one for one in (*hung.screens, *lan.screens))
    await report(hung)
    deployment.clock.move_to(deployment.clock.now() + timedelta(hours=9))
    await ticked(deployment)
    assert any("Nhờ gửi sớm" in one for one in lan.screens)
    assert not any("Nhờ gửi sớm" in one for one in hung.screens)
    await mai.send("/quanly")
    await mai.press("📢 Nhắn tin")
    await mai.press("1/2")
    assert any("✖️ Thôi không nhắn: 1" in one for one in mai.screens)


async def test_a_notice_can_be_stopped(village, deployment, mai, hung, lan):
    deployment.clock.move_to(deployment.clock.now() + timedelta(hours=13))
    await begun(mai)
    await mai.press("👥")
    await mai.send("Nhầm mất rồi")
    await mai.press("📨 Nhắn 2 người")
    await mai.press("⏹ Dừng")
    assert "Đã dừng. 2 người" in mai.screen
    deployment.clock.move_to(deployment.clock.now() + timedelta(hours=10))
    await ticked(deployment)
    assert not any("Nhầm mất rồi" in one for one in (*hung.screens, *lan.screens))


async def test_unreachable_people_are_listed_for_a_telephone_call(
    village, deployment, mai, hung, lan
):
    son = await village.joined("Sơn", area="Khu 2")
    await lan.block()
    await begun(mai)
    await mai.press("👥 Mọi thành viên tổ (3)")
    await mai.send("Họp tổ")
    await mai.press("📨 Nhắn 3 người")
    await mai.press("🔄 Xem lại")
    assert "✅ Đã tới: 2" in mai.screen
    assert "📵 Không tới được: 1" in mai.screen
    assert "📵 Lan, Khu 2" in mai.screen
    await ticked(deployment)
    assert any("tới 2/3 người, 1 người chưa tới" in one for one in mai.screens)
    await mai.send("/quanly")
    await mai.press("📵 Không nhắn được (1)")
    assert "Khu 2: Lan" in mai.screen
    assert "cùng tổ: Sơn" in mai.screen
    await lan.block(False)
    await lan.send("/start")
    await mai.send("/quanly")
    assert "📵 Không nhắn được (1)" not in mai.buttons
    assert son.screens


async def test_uncertain_deliveries_are_not_counted_as_unreachable(
    village, deployment, mai, hung, lan
):
    await village.joined("Sơn", area="Khu 2")
    await lan.block()
    await begun(mai)
    await mai.press("👥 Mọi thành viên tổ (3)")
    await mai.send("Họp tổ")
    lost = Fault("sendMessage", lost=True, error=lambda: httpx.ReadError("cut"), skip=1)
    deployment.world.faults.add(lost)  # the second of the two reachable people
    await mai.press("📨 Nhắn 3 người")
    await mai.press("🔄 Xem lại")
    await ticked(deployment)
    report = next(one for one in mai.screens if "đã nhắn xong" in one)
    assert "tới 1/3 người, 1 người chưa tới, 1 người chưa rõ tới chưa." in report


async def test_long_and_empty_notices_are_refused(village, mai, hung):
    await begun(mai)
    await mai.press("👥")
    await mai.send("x" * 1001)
    assert "Lời nhắn dài 1.001 chữ, xin rút còn 1.000 chữ ạ." in mai.screen
    await mai.send("quay lại")
    assert "Nhắn cho ai ạ?" in mai.screen


async def test_reporters_and_leaders_cannot_write_notices(village, mai, hung, lan):
    chair = await village.joined("Chủ tịch", role="leader")
    await begun(mai)
    await mai.press("👥")
    await mai.send("Thử")
    _, data = mai.find("📨 Nhắn 2 người")
    for phone in (hung, chair):
        for forged in (
            data,
            f"1|n.list|{village.commune}",
            f"1|n.who|{village.commune}",
            "1|n.one|1",
        ):
            await phone.press_data(forged)
    count = await village.database.read(
        lambda tx: tx.scalar(sa.select(sa.func.count()).where(outbox.c.kind == "written"))
    )
    assert count == 0
    assert not any("Thử" in one for one in lan.screens)


async def test_an_operator_writes_to_the_officers_of_all_communes(village, deployment, mai, hung):
    so = village.phone("Sở")
    await so.send(f"/start {await village.code('operator')}")
    await so.press("✅")
    await so.send("/dieuhanh")
    await so.press("📢 Nhắn tin")
    await so.press("✍️ Viết tin mới")
    await so.press("🏢 Cán bộ các xã (1)")
    await so.send("Mai tập huấn lúc 8 giờ")
    await so.press("📨 Nhắn 1 người")
    assert "📢 Người điều hành nhắn:" in mai.screen
    assert not any("tập huấn" in one for one in hung.screens)
    await mai.send("/quanly")
    await mai.press("📢 Nhắn tin")
    assert "Chưa nhắn tin nào" in mai.screen
