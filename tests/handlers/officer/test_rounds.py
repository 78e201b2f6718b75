"""Rounds from the telephone: opened, moved, closed, reopened, cancelled, each with a preview."""

from datetime import timedelta

import pytest

from storage.rounds import rounds

# The village: Monday 2 March 2026, 9:00; "Tháng 3/2026" is open until 11/3, closes 16/3.


@pytest.fixture
def rounds_now(village):
    async def look():
        found = await village.database.read(lambda tx: rounds.list_rounds(tx, village.commune))
        return {one.name: one for one in found}

    return look


def local(deployment, moment):
    return f"{moment.astimezone(deployment.settings.timezone):%d/%m/%Y %H:%M:%S}"


@pytest.fixture
async def periods(village, officer):
    await officer.press("🗓 Kỳ báo cáo")
    return officer


async def closed(periods):
    await periods.press("🟢 Tháng 3/2026")
    await periods.press("🔒 Chốt ngay")
    await periods.press("🔒 Chốt ngay")


async def test_an_open_round_prevents_another(periods, rounds_now):
    await periods.press("➕ Mở kỳ mới")
    assert "Kỳ “Tháng 3/2026” đang mở" in periods.screen
    await periods.send("Tháng 4")
    assert "Tháng 4" not in await rounds_now()


async def test_a_round_can_be_opened_by_pressing(village, deployment, periods, rounds_now):
    await closed(periods)
    await periods.press("◀ Quay lại")
    await periods.press("➕ Mở kỳ mới")
    assert periods.screen.startswith("Kỳ báo cáo mới tên là gì ạ?")
    await periods.press("Tháng 4/2026")
    assert "Tháng 4/2026: hạn gửi là ngày nào ạ?" in periods.screen
    await periods.press("📅 31/3")
    assert "Mở kỳ “Tháng 4/2026” cho Xã Đồi Chè ạ?" in periods.screen
    assert (
        "Hạn gửi: 31/3. Gửi sau hạn vẫn nhận, có ghi là gửi muộn. Hết ngày 5/4 thì chốt."
        in periods.screen
    )
    assert "Tháng 4/2026" not in await rounds_now()
    preview = dict(periods.message())
    await periods.press("✅ Mở kỳ")
    await periods.press("✅ Mở kỳ", on=preview)
    assert "Đã mở kỳ" in periods.screen
    made = (await rounds_now())["Tháng 4/2026"]
    assert made.state == "open"
    assert local(deployment, made.deadline) == "31/03/2026 23:59:59"
    assert local(deployment, made.closes_at) == "05/04/2026 23:59:59"
    hung = await village.joined("Hùng")
    await hung.press("📝")
    assert "Câu 1/8" in hung.screen


async def test_a_round_can_be_opened_by_typing(deployment, periods, rounds_now):
    await closed(periods)
    await periods.send("quay lại")
    await periods.send("mở kỳ mới")
    await periods.send("Đợt thí điểm")
    await periods.send("350/400")
    assert "Chưa hiểu ngày này" in periods.screen
    await periods.send("1/3")
    assert "Ngày 01/03/2026 qua rồi" in periods.screen
    await periods.send("thứ sáu")
    assert "Hạn gửi: 6/3." in periods.screen
    await periods.send("đổi ngày chốt")
    await periods.send("5/3")
    assert "sớm quá" in periods.screen
    await periods.send("cuối tháng")
    assert "Hết ngày 31/3 thì chốt" in periods.screen
    await periods.send("mở kỳ")
    made = (await rounds_now())["Đợt thí điểm"]
    assert local(deployment, made.deadline) == "06/03/2026 23:59:59"
    assert local(deployment, made.closes_at) == "31/03/2026 23:59:59"


async def test_an_old_preview_opens_no_other_round(periods, rounds_now):
    await closed(periods)
    await periods.send("quay lại")
    for text in ("mở kỳ mới", "Đợt một", "6/3"):
        await periods.send(text)
    preview = periods.message()
    for text in ("/quanly", "kỳ báo cáo", "mở kỳ mới", "Đợt hai", "20/3"):
        await periods.send(text)
    await periods.press("✅ Mở kỳ", on=preview)
    assert not {"Đợt một", "Đợt hai"} & set(await rounds_now())
    assert any("làm lại từ đầu" in one for one in periods.screens)


async def test_moving_the_deadline_moves_the_close_and_is_announced(
    village, deployment, periods, rounds_now, recorded
):
    hung = await village.joined("Hùng")
    await periods.press("🟢 Tháng 3/2026")
    await periods.press("⏰ Đổi hạn gửi")
    await periods.send("13-3-2026")
    assert "Hiện nay: Hạn gửi: 11/3." in periods.screen
    assert "Đổi thành: Hạn gửi: 13/3." in periods.screen
    assert "Hết ngày 18/3 thì chốt" in periods.screen
    assert "Sẽ nhắn cho 1 người" in periods.screen
    await periods.press("✅ Đúng")
    moved = (await rounds_now())["Tháng 3/2026"]
    assert local(deployment, moved.deadline) == "13/03/2026 23:59:59"
    assert local(deployment, moved.closes_at) == "18/03/2026 23:59:59"
    assert "Hạn gửi: 13/3" in hung.screen
    assert (await recorded("round"))[-1].way == "button"


async def test_leaders_are_told_of_moved_dates_and_reopened_rounds(village, periods):
    chair = await village.joined("Chủ tịch", role="leader")
    await periods.press("🟢 Tháng 3/2026")
    await periods.press("⏰ Đổi hạn gửi")
    await periods.send("13-3-2026")
    assert "Sẽ nhắn cho 1 người" in periods.screen
    await periods.press("✅ Đúng")
    assert "Hạn gửi: 13/3" in chair.screen
    await periods.press("🔒 Chốt ngay")
    await periods.press("🔒 Chốt ngay")
    await periods.press("🔓 Mở lại một khu")
    for text in ("khu 1", "khu 1 gửi nhầm", "6/3"):
        await periods.send(text)
    await periods.send("mở lại")
    assert "riêng cho Khu 1" in chair.screen


async def test_the_close_can_be_moved_alone(deployment, periods, rounds_now):
    await periods.press("🟢 Tháng 3/2026")
    await periods.press("📌 Đổi ngày chốt")
    await periods.send("10/3")
    assert "sớm quá; sớm nhất là 11/03/2026" in periods.screen
    await periods.send("20/3")
    await periods.send("đúng")
    moved = (await rounds_now())["Tháng 3/2026"]
    assert local(deployment, moved.deadline) == "11/03/2026 09:00:00"
    assert local(deployment, moved.closes_at) == "20/03/2026 23:59:59"


async def test_closing_a_round_names_the_missing_areas(village, periods, rounds_now):
    hung = await village.joined("Hùng")
    await hung.press("📝")
    await periods.press("🟢 Tháng 3/2026")
    await periods.press("🔒 Chốt ngay")
    assert "Chưa gửi (4): Khu 1" in periods.screen
    assert (await rounds_now())["Tháng 3/2026"].state == "open"
    await periods.press("🔒 Chốt ngay")
    assert (await rounds_now())["Tháng 3/2026"].state == "closed"
    await hung.send("350")
    assert await village.answers() == {}


async def test_a_round_can_be_reopened_for_all(village, deployment, periods, rounds_now):
    hung = await village.joined("Hùng")
    await closed(periods)
    await periods.press("🔓 Mở lại cả kỳ")
    await periods.send("mấy khu mất sóng")
    await periods.send("thứ sáu")
    assert "Mở lại Tháng 3/2026 ạ?" in periods.screen
    assert "Lý do: mấy khu mất sóng" in periods.screen
    assert "Đến hết ngày 06/03/2026" in periods.screen
    await periods.send("1/3/2026")
    assert "Ngày 01/03/2026 qua rồi" in periods.screen
    assert "Đến hết ngày 06/03/2026" in periods.screen
    await periods.send("7/3")
    assert "Đến hết ngày 07/03/2026" in periods.screen
    await periods.send("thứ sáu")
    assert "Đến hết ngày 06/03/2026" in periods.screen
    assert "Lý do: mấy khu mất sóng" in periods.screen
    await periods.press("🔓 Mở lại")
    found = (await rounds_now())["Tháng 3/2026"]
    assert (found.state, found.reason) == ("open", "mấy khu mất sóng")
    assert local(deployment, found.closes_at) == "06/03/2026 23:59:59"
    assert "Xã mở lại Tháng 3/2026 đến hết ngày 6/3" in hung.screen
    assert local(deployment, found.deadline) == "06/03/2026 23:59:59"  # was 11/3, after the new end
    assert "Hạn gửi: hết ngày 6/3, sau đó chốt" in periods.screen
    assert "Gửi sau hạn" not in periods.screen


async def test_a_round_can_be_reopened_for_one_area(village, periods, rounds_now):
    hung = await village.joined("Hùng", area="Khu 1")
    lan = await village.joined("Lan", area="Khu 2")
    await closed(periods)
    await periods.press("🔓 Mở lại một khu")
    for text in ("khu 1", "khu 1 gửi nhầm", "6/3"):
        await periods.send(text)
    assert "Sẽ nhắn cho 1 người" in periods.screen
    await periods.send("mở lại")
    assert (await rounds_now())["Tháng 3/2026"].state == "closed"
    assert "🔓 Khu 1: mở lại đến hết 06/03/2026" in periods.screen
    assert "Xã mở lại" in hung.screen
    assert "Xã mở lại" not in lan.screen
    await hung.press("📝 Báo cáo")
    assert "Câu 1/8" in hung.screen
    await lan.send("/baocao")
    assert "Câu" not in lan.screen


async def test_cancelling_a_round_needs_a_reason_and_a_second_press(village, periods, rounds_now):
    await periods.press("🟢 Tháng 3/2026")
    await periods.press("✖️ Huỷ kỳ này")
    await periods.send("huỷ")
    assert "làm gì ạ" in periods.screen.lower()
    await periods.press("✖️ Huỷ kỳ này")
    await periods.send("tỉnh đổi bộ chỉ tiêu")
    assert (await rounds_now())["Tháng 3/2026"].state == "open"
    await periods.send("không")
    assert (await rounds_now())["Tháng 3/2026"].state == "open"
    await periods.press("✖️ Huỷ kỳ này")
    await periods.send("tỉnh đổi bộ chỉ tiêu")
    await periods.send("đúng rồi")
    found = (await rounds_now())["Tháng 3/2026"]
    assert (found.state, found.reason) == ("cancelled", "tỉnh đổi bộ chỉ tiêu")
    assert "đã huỷ" in periods.screen
    assert periods.buttons == ["◀ Quay lại"]


async def test_an_open_flow_ends_when_the_officer_opens_another_screen(periods, rounds_now):
    await periods.press("🟢 Tháng 3/2026")
    await periods.press("✖️ Huỷ kỳ này")
    await periods.send("/tinhhinh")
    await periods.send("tỉnh đổi bộ chỉ tiêu")
    assert (await rounds_now())["Tháng 3/2026"].state == "open"
    assert "Huỷ kỳ" not in periods.screen


async def test_a_round_past_its_close_is_closed_before_the_next_job(deployment, periods):
    deployment.clock.move_to(deployment.clock.now() + timedelta(days=30))
    await periods.send("/quanly")
    await periods.press("🗓")
    await periods.press("Tháng 3/2026")
    assert "đã chốt" in periods.screen
    assert "🔓 Mở lại cả kỳ" in periods.buttons


async def test_the_rounds_in_english(village):
    officer = await village.joined("Ann", role="officer", language="en")
    await officer.send("/manage")
    for text in ("rounds", "Tháng 3/2026", "change deadline", "friday"):
        await officer.send(text)
        if text == "rounds":
            await officer.press("Tháng 3/2026")
    assert "Deadline: 6 Mar" in officer.screen
