"""Texts of screens: every sentence fits the person, the question and the moment."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from criteria.answers import Ratio
from criteria.sets.set_file import shipped_text
from storage.reports import reports
from storage.rounds import rounds
from tests.handlers.roles import everybody


async def sends(phone):
    await phone.press("📝 Báo cáo")
    for text in ("340", "5", "có", "có", "240", "7", "chưa", "có"):
        await phone.send(text)
    await phone.press("📨 Gửi báo cáo")


async def closed(village):
    """The round is closed, and the next one is open."""
    now = village.deployment.clock.now()

    def work(tx):
        rounds.close_round(tx, village.round, now)
        end = now + timedelta(days=9)
        rounds.open_round(
            tx, village.commune, "Tháng 4/2026", "phu-tho-2024", shipped_text("phu-tho-2024"),
            None, now, end, end + timedelta(days=5), now,
        )  # fmt: skip

    await village.database.write(work)


async def test_a_report_not_sent_before_the_close_says_so_and_offers_the_next_round(village):
    hung = await village.joined("Hùng")
    await hung.press("📝 Báo cáo")
    await closed(village)
    await hung.send("340")
    assert "Báo cáo này chưa gửi" in hung.screen
    assert "Kỳ Tháng 4/2026 đang mở" in hung.screen
    await hung.press("📝 Báo cáo")
    assert "Câu 1/8" in hung.screen


async def test_a_report_that_was_sent_has_no_such_sentence(village):
    hung = await village.joined("Hùng")
    await sends(hung)
    await hung.press("✏️")
    await village.database.write(
        lambda tx: rounds.close_round(tx, village.round, village.deployment.clock.now())
    )
    await hung.send("câu 1: 341")
    assert "Kỳ đã chốt" in hung.screen
    assert "chưa gửi" not in hung.screen


async def test_the_first_receipt_says_how_many_areas_it_is_about(village):
    hung = await village.joined("Hùng")
    await sends(hung)
    assert "Đã có 1/3 khu gửi" in hung.screen
    assert "(1/3 khu)" in hung.screen


async def test_areas_with_nobody_concerned_do_not_lack_figures(village):
    now = village.deployment.clock.now()

    def work(tx):
        for area in ("Khu 1", "Khu 2"):
            report = reports.start_report(tx, village.round, village.areas[area], now)
            reports.put_answer(tx, report, "KT2", Ratio(0, 0), by=None, way="command", now=now)
            reports.send_report(tx, report, by=None, now=now, deadline=now + timedelta(days=9))

    await village.database.write(work)
    chair = await village.joined("Sơn", role="leader")
    await chair.send("/tinhhinh")
    assert "2/3 khu, đều không có đối tượng" in chair.screen


async def test_a_first_round_shows_no_differences_from_the_last(village):
    mai = await village.joined("Mai", role="officer")
    lan = await village.joined("Lan", area="Khu 2")  # has no earlier round
    await lan.press("📝 Báo cáo")
    for text in ("100/100", "đúng", "5", "có", "có", "240", "7", "chưa", "có"):
        await lan.send(text)
    await lan.send("gửi")
    await mai.send("duyệt")
    await mai.press("Khu 2")
    assert "khác nhiều" not in mai.screen


async def test_without_sent_reports_nothing_waits_for_review(village):
    mai = await village.joined("Mai", role="officer")
    await mai.send("duyệt")
    assert "Chưa có báo cáo nào gửi lên" in mai.screen
    assert "🎉" not in mai.screen
    await sends(await village.joined("Hùng"))
    await mai.send("duyệt")
    await mai.press("Khu 1")
    await mai.press("✅ Duyệt")
    assert "Không còn báo cáo nào chờ duyệt. 🎉" in mai.screen


async def test_typed_words_are_shown_as_typed_in_the_history(village):
    hung = await village.joined("Hùng")
    await hung.press("📝 Báo cáo")
    for text in ("340", "5", "có", "có", "240", "7", "chưa", "có", "gửi"):
        await hung.send(text)
    await hung.send("/lichsu")
    lines = [line for line in hung.screen.splitlines() if "Hùng" in line]
    assert lines
    assert not any("bấm nút" in line for line in lines)
    assert "nhắn tin" in lines[0]


async def test_settling_a_total_is_one_line_of_the_history(village):
    hung, mai = await village.joined("Hùng"), await village.joined("Mai", role="officer")
    await hung.press("📝 Báo cáo")
    await hung.press("✏️ Sửa tổng số")
    for text in ("412", "350", "5", "có", "có", "240", "7", "chưa", "có", "gửi"):
        await hung.send(text)
    await mai.send("duyệt")
    await mai.press("Khu 1")
    await mai.press("⚖️ Chốt tổng số")
    await mai.press("🏡 Lấy của khu: 412")
    await hung.send("/lichsu")
    assert "Điện thoại thông minh: nhận tổng số 412 của khu, thay số 400 của xã" in hung.screen


@pytest.mark.parametrize("text", ["12", "012", "số 12", "nhà 012"])
async def test_different_spellings_of_a_house_number_are_the_same_house(village, text):
    hung = await village.joined("Hùng")
    await hung.send("/dem")
    await hung.press("Điện thoại thông minh")
    await hung.send("nhà 12: 2 có")
    await hung.send(text)
    assert "Nhà 12 đếm rồi: 2 có" in hung.screen


async def test_a_count_is_named_by_what_is_counted(village):
    hung = await village.joined("Hùng")
    await hung.press("📝 Báo cáo")
    await hung.press("✏️ Sửa tổng số")
    await hung.send("412")
    assert "nhắn lại số người có" in hung.screen
    await hung.send("350")
    assert "↩️ Ghi nhầm" in hung.buttons
    await hung.send("đếm")
    await hung.send("90%")
    assert "số cán bộ có" in hung.screen


async def test_an_office_without_dossiers_learns_what_that_means(village):
    mai = await village.joined("Mai", role="officer")
    await mai.press("📝 Báo cáo của xã")
    await mai.send("20/21")
    await mai.press("➕ Thêm…")
    await mai.press("Không có đối tượng")
    assert "kỳ này xã không có hồ sơ nào" in mai.screen
    assert "khu mình" not in mai.screen


async def test_an_officer_learns_where_to_open_a_round(village):
    mai, hung = await village.joined("Mai", role="officer"), await village.joined("Hùng")
    now = village.deployment.clock.now()
    await village.database.write(lambda tx: rounds.close_round(tx, village.round, now))
    await mai.send("/start")
    assert "Khi xã mở kỳ mới" not in mai.screen
    assert "Mở kỳ mới ở “⚙️ Quản lý”" in mai.screen
    await hung.send("/start")
    assert "Khi xã mở kỳ mới" in hung.screen


async def test_a_picture_without_an_open_question_gets_a_sentence(village):
    hung = await village.joined("Hùng")
    await sends(hung)
    await hung.press("✏️")
    out = io.BytesIO()
    Image.new("RGB", (32, 24), "green").save(out, "JPEG")
    await hung.photo(out.getvalue())
    assert "Câu đang hỏi" not in hung.screen
    assert "chưa hỏi câu nào cần ảnh" in hung.screen


async def test_an_example_fits_the_unit_that_is_counted(village):
    mai = await village.joined("Mai", role="officer")
    await mai.press("📝 Báo cáo của xã")
    assert "350/400" not in mai.screen
    assert "ví dụ 5/6" in mai.screen


async def test_the_operator_of_a_group_sees_its_name(village):
    people = await everybody(village)
    await people.far_operator.send("/start")
    assert "Người điều hành nhóm Miền xuôi" in people.far_operator.screen
    await people.far_operator.send("/dieuhanh")
    assert "Điều hành nhóm Miền xuôi, 1 xã" in people.far_operator.screen
    await people.operator.send("/start")
    assert "nhóm" not in people.operator.screen


async def test_required_evidence_is_named_with_its_question(village):
    text = shipped_text("phu-tho-2024")
    place = text.index('code = "KT3"')
    at = text.index('evidence = "', place)
    end = text.index("\n", at)
    strict = text[:at] + 'evidence = "required"' + text[end:]
    now = village.deployment.clock.now()

    def work(tx):
        rounds.close_round(tx, village.round, now)
        end = now + timedelta(days=9)
        rounds.open_round(
            tx, village.commune, "Tháng 4/2026", "phu-tho-2024", strict,
            None, now, end, end + timedelta(days=5), now,
        )  # fmt: skip

    await village.database.write(work)
    hung = await village.joined("Hùng")
    await hung.press("📝 Báo cáo")
    for text in ("340", "5", "có", "có", "240", "7"):
        await hung.send(text)
    assert "Câu này cần ảnh hoặc tệp minh chứng" in hung.screen
    for text in ("chưa", "có"):
        await hung.send(text)
    assert "Còn thiếu minh chứng: câu 7 (" in hung.screen
