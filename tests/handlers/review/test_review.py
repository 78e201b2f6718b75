"""Review: reports are shown, accepted, or returned with a note for certain questions."""

from datetime import timedelta

import pytest

from criteria.answers import Ratio, YesNo
from handlers.flow.press import pack
from storage.people import invitations
from storage.places import places
from storage.reports import reports
from tests.handlers.report.test_evidence import pdf, picture
from tests.phone import text_of

REPLIES = ("340", "5", "có", "có", "240", "7", "chưa", "có")


async def sends(phone, replies=REPLIES):
    """Fill in and send."""
    await phone.press("📝 Báo cáo")
    for text in replies:
        await phone.send(text)
    await phone.press("📨 Gửi báo cáo")
    if "📨 Vẫn gửi" in phone.buttons:
        await phone.press("📨 Vẫn gửi")
    assert "Đã gửi báo cáo" in phone.screen


@pytest.fixture
async def hung(village):
    phone = await village.joined("Hùng")
    await sends(phone)
    return phone


@pytest.fixture
async def mai(village):
    return await village.joined("Mai", role="officer")


async def test_a_report_can_be_accepted_from_the_status(village, hung, mai):
    await mai.send("/tinhhinh")
    await mai.press("🗂 Duyệt (1)")
    assert "Duyệt báo cáo nào trước" in mai.screen
    await mai.press("Khu 1")
    assert "1. Điện thoại thông minh: 340/400" in mai.screen
    assert len(mai.buttons) <= 8
    await mai.press("✅ Duyệt")
    assert "Đã duyệt: Khu 1" in mai.screen
    assert (await village.report()).state == "accepted"
    assert "Không còn báo cáo nào chờ duyệt" in mai.screen


async def test_the_start_screen_and_the_office_screen_lead_to_waiting_reports(village, hung, mai):
    for way in ("/start", "/quanly"):
        await mai.send(way)
        await mai.press("🗂 Duyệt (1)")
        assert "Duyệt báo cáo nào trước" in mai.screen
    await mai.press("Khu 1")
    await mai.press("✅ Duyệt")
    for way in ("/start", "/quanly"):
        await mai.send(way)
        assert not [caption for caption in mai.buttons if "Duyệt" in caption]


async def test_large_changes_gaps_and_other_totals_are_marked(village, mai):
    phone = await village.joined("Hùng")
    await phone.press("📝 Báo cáo")
    await phone.send("200")
    await phone.send("đúng")
    await phone.send("để sau")
    await phone.send("chưa")
    for text in ("có", "240/310", "7", "chưa", "có", "để sau"):
        await phone.send(text)
    await phone.send("gửi")
    await phone.send("gửi")
    await phone.send("gửi")
    await mai.send("duyệt")
    assert "⚠️❗⚖️" in mai.screen
    assert not any("không có dấu" in b for b in mai.buttons)
    await mai.press("Khu 1")
    lines = mai.screen.splitlines()
    assert any(
        line.startswith("1. ") and "(trước 340/400)" in line and "❗" in line for line in lines
    )
    assert any(line.startswith("2. ") and "⚠️" in line for line in lines)
    assert any(line.startswith("3. ") and "Chưa có (trước Có) ❗" in line for line in lines)
    assert "theo tổng số của xã (300): 80,0 %" in mai.screen


async def test_all_unmarked_reports_are_accepted_together(village, hung, mai):
    lan = await village.joined("Lan", area="Khu 2")
    await sends(lan, ("350", "5", "có", "có", "240", "7", "có", "có"))
    await mai.send("/duyet")
    await mai.press("✅ Duyệt 2 báo cáo không có dấu")
    assert "Đã duyệt 2 báo cáo" in mai.screen
    assert [(await village.report(a)).state for a in ("Khu 1", "Khu 2")] == ["accepted"] * 2


async def test_marked_reports_stay_when_all_others_are_accepted(village, hung, mai):
    await hung.send("sửa câu 3: chưa")
    lan = await village.joined("Lan", area="Khu 2")
    await sends(lan, ("350", "5", "có", "có", "240", "7", "có", "có"))
    await mai.send("duyệt")
    await mai.press("✅ Duyệt 1 báo cáo không có dấu")
    assert (await village.report("Khu 1")).state == "sent"
    assert (await village.report("Khu 2")).state == "accepted"


async def test_a_report_is_returned_with_a_note_answered_and_sent_again(village, hung, mai):
    lan = await village.joined("Lan")
    await mai.send("duyệt")
    await mai.press("Khu 1")
    await mai.press("↩️ Trả lại")
    assert "hỏi lại những câu nào" in mai.screen
    assert "✍️ Viết lời nhắn" not in mai.buttons
    await mai.press("▫️ 2")
    await mai.press("▫️ 5")  # all questions are in one grid
    assert [b for b in mai.buttons if b.startswith(("☑", "▫️"))] == [
        "▫️ 1", "☑ 2", "▫️ 3", "▫️ 4", "☑ 5", "▫️ 6", "▫️ 7", "▫️ 8",
    ]  # fmt: skip
    await mai.press("✍️ Viết lời nhắn")
    assert "2 người trong tổ" in mai.screen
    await mai.send("xin đếm lại giúp <nhé>")
    assert "Đã trả lại Khu 1, báo cho 2 người" in mai.screen
    assert "Đang chờ sửa: Khu 1" in mai.screen
    report = await village.report()
    assert (report.state, report.return_note) == ("returned", "xin đếm lại giúp <nhé>")
    for phone in (hung, lan):
        assert "Xã hỏi lại 2 câu của Khu 1" in phone.screen
        assert "xin đếm lại giúp <nhé>" in phone.screen
    await lan.press("📝 Trả lời câu 2")  # her first press in this report
    assert "Câu 2/8" in lan.screen
    assert "Xã hỏi lại câu này: “xin đếm lại giúp <nhé>”" in lan.screen
    await lan.send("4")
    await lan.press("✅ Đúng")  # over the answer of Hùng
    assert "Câu 5/8" in lan.screen
    await lan.send("245")
    await lan.press("✅ Đúng")
    assert "Xem lại rồi gửi" in lan.screen
    await lan.press("📨 Gửi báo cáo")
    report = await village.report()
    assert (report.state, report.sends) == ("sent", 2)
    found = await village.answers()
    assert (found["HT2"], found["KT1"]) == (Ratio(4, 5), Ratio(245, 300))


async def test_a_note_typed_on_the_choice_is_shown_before_it_is_sent(village, hung, mai):
    for text in ("duyệt", "khu 1", "trả lại", "1, 5", "xin đếm lại giúp"):
        await mai.send(text)
    assert mai.screen == "Gửi Khu 1 lời này, về câu 1, 5 ạ?\n“xin đếm lại giúp”"
    assert (await village.report()).state == "sent"
    await mai.send("xin đếm lại từng nhà")
    assert mai.screen.endswith("“xin đếm lại từng nhà”")
    await mai.send("đúng")
    assert "Đã trả lại Khu 1, báo cho 1 người" in mai.screen
    assert "“xin đếm lại từng nhà”" in hung.screen
    assert (await village.report()).return_note == "xin đếm lại từng nhà"


async def test_only_the_questions_that_a_return_names_are_asked(village, mai):
    phone = await village.joined("Hùng")
    await phone.press("📝 Báo cáo")
    for text in ("340", "5", "có"):
        await phone.send(text)
    await phone.send("gửi")
    await phone.send("gửi")
    await phone.send("gửi")
    await mai.send("duyệt")
    await mai.send("1")
    await mai.press("↩️ Trả lại")
    assert "☑ 4. " in mai.screen  # the gaps are proposed
    await mai.send("1, 6")
    assert "☑ 1. " in mai.screen
    assert "☑ 4. " not in mai.screen
    await mai.press("✍️")
    await mai.send("thiếu số cơ sở")
    await phone.press("📝 Trả lời câu 1")
    await phone.send("341")
    assert "Câu 6/8" in phone.screen
    await phone.send("7")
    assert "Xem lại rồi gửi" in phone.screen
    await phone.press("📨 Gửi báo cáo")
    assert (await village.report()).state == "sent"


async def test_a_return_can_be_typed_completely_and_can_be_left(village, hung, mai):
    await mai.send("duyệt")
    await mai.send("1")
    await mai.send("trả lại")
    await mai.send("câu 9")
    assert "chỉ có 8 câu" in mai.screen
    await mai.send("câu 3")
    await mai.send("viết lời nhắn")
    await mai.send("huỷ")
    assert (await village.report()).state == "sent"
    await mai.send("viết lời nhắn")
    await mai.send("tổ có họp không ạ")
    assert (await village.report()).state == "returned"
    assert "Câu 3" in hung.screen


async def test_a_text_typed_after_leaving_is_not_the_note(village, hung, mai):
    await mai.send("duyệt")
    await mai.press("Khu 1")
    await mai.press("↩️ Trả lại")
    await mai.send("3")
    await mai.press("✍️")
    await mai.send("/tinhhinh")
    await mai.send("chỉ tiêu")
    assert (await village.report()).state == "sent"
    assert len(hung.messages) == len([m for m in hung.messages if "Xã hỏi lại" not in text_of(m)])


async def test_a_report_changed_since_it_was_shown_is_shown_again_before_acceptance(
    village, hung, mai
):
    await mai.send("duyệt")
    await mai.press("Khu 1")
    await hung.send("sửa câu 1: 350/400")
    await mai.press("✅ Duyệt")
    assert "vừa có thay đổi" in mai.screen
    assert "350/400" in mai.screen
    assert (await village.report()).state == "sent"
    await mai.press("✅ Duyệt")
    assert (await village.report()).state == "accepted"


async def test_a_correction_brings_an_accepted_report_back_for_review(village, hung, mai):
    await mai.send("duyệt")
    await mai.press("✅ Duyệt 1")
    await hung.send("sửa câu 1: 350/400")
    await mai.send("duyệt")
    assert "1 báo cáo chờ duyệt" in mai.screen


async def test_the_evidence_can_be_opened_from_the_report(village, hung, mai):
    await hung.send("sửa câu 3")
    await hung.photo(picture())
    await hung.press("➕")
    await hung.press("📎 Minh chứng")
    await hung.file("document", pdf(), name="bien-ban.pdf", media_type="application/pdf")
    await hung.photo(picture())
    await hung.send("https://xa.example/hop-to")
    await mai.send("duyệt")
    await mai.press("Khu 1")
    before = len(mai.messages)
    await mai.press("📎 Xem minh chứng (4)")
    new = mai.messages[before:]
    assert [k for m in new for k in ("photo", "document") if k in m] == ["photo"] * 2 + ["document"]
    assert "Khu 1, câu 3" in text_of(new[0])
    assert "bien-ban.pdf" in mai.screen
    assert "https://xa.example/hop-to" in mai.screen
    await mai.press("◀ Về báo cáo")
    assert "báo cáo này được chưa" in mai.screen


async def test_the_chair_can_open_the_evidence_from_the_indicator(village, hung):
    chair = await village.joined("Sơn", role="leader")
    await hung.send("sửa câu 3")
    await hung.photo(picture())
    await chair.send("/tinhhinh khu 1")
    before = len(chair.messages)
    await chair.press("📎 Xem minh chứng (1)")
    assert any("photo" in one for one in chair.messages[before:])
    assert "Minh chứng của Khu 1" in chair.screen
    await chair.press("◀ Về báo cáo")
    assert "Khu 1" in chair.screen
    assert "báo cáo này được chưa" not in chair.screen  # only the officer can decide that


async def test_a_missing_file_does_not_hide_the_others(village, hung, mai):
    await hung.send("sửa câu 3")
    await hung.photo(picture())
    for kept in (village.deployment.settings.data_dir).rglob("*.jpg"):
        kept.unlink()
    await mai.send("duyệt")
    await mai.press("Khu 1")
    await mai.press("📎 Xem minh chứng (1)")
    assert "Minh chứng của Khu 1" in mai.screen


async def test_many_reports_are_on_pages_of_at_most_eight_buttons(village, mai):
    def many(tx):
        units = list(village.areas.values())
        for unit in units:
            report = reports.start_report(tx, village.round, unit, village.deployment.clock.now())
            reports.put_answer(
                tx,
                report,
                "CQ3",
                YesNo(yes=True),
                by=None,
                way="text",
                now=village.deployment.clock.now(),
            )
            reports.send_report(
                tx,
                report,
                by=None,
                now=village.deployment.clock.now(),
                deadline=village.deployment.clock.now(),
            )

    await village.database.write(many)
    await mai.send("duyệt")
    assert "3 báo cáo chờ duyệt" in mai.screen
    assert len(mai.buttons) <= 8


async def test_only_the_menu_of_officers_has_the_review(village, hung, mai):
    assert "duyet" in mai.commands
    assert "duyet" not in hung.commands
    await hung.send("/duyet")
    assert hung.screen.startswith("Phần này dành cho cán bộ xã ạ.")


@pytest.mark.parametrize("role", ["reporter", "leader"])
async def test_only_officers_can_review(village, hung, role):
    other = await village.joined("Sơn", role=role, area="Khu 2")
    report = await village.report()
    before = await village.answers()
    for data in presses(village, report):
        await other.press_data(data)
        assert "340/400" not in other.screen
    await other.send("vì thế")
    await other.send("duyệt")
    assert await village.report() == report
    assert await village.answers() == before


async def test_an_officer_of_another_commune_cannot_review(village, hung):
    far = await elsewhere(village)
    report = await village.report()
    for data in presses(village, report):
        await far.press_data(data)
        assert "340/400" not in far.screen
        await far.send("vì thế")
    assert await village.report() == report


def presses(village, report):
    """Press every button of the review with forged data."""
    return [
        pack("v.list", village.round),
        pack("v.one", report.id),
        pack("v.ok", report.id, 1),
        pack("v.all", village.round),
        pack("v.ret", report.id, 3),
        pack("v.note", report.id, 3),
        pack("v.fix", report.id),
        pack("v.fixq", report.id, "HT1"),
        pack("v.fixv", report.id, "CQ3", "n"),
        pack("v.tot", report.id, "HT1"),
        pack("v.tota", report.id, "HT1", 400, 400),
        pack("v.totc", report.id, "HT1", 400, 400),
        pack("v.help", village.round),
        pack("v.open", village.round, village.areas["Khu 1"]),
        pack("v.evid", report.id),
        pack("obyes", report.id, 10**15, ""),
        pack("obno", report.id, 10**15, ""),
        pack("redo", report.id),
        pack("v.nosuch", report.id),
        pack("v.one", 999),
        "1|v.one|zz.z",
    ]


async def elsewhere(village):
    """An officer of another commune."""
    now = village.deployment.clock.now()

    def found(tx):
        commune = places.add_commune(tx, "ben-go", "Xã Bến Gỗ")
        return invitations.create_invitation(
            tx,
            "officer",
            now=now,
            expires_at=now + timedelta(days=3),
            uses=1,
            commune_id=commune.id,
        )[1]

    code = await village.database.write(found)
    phone = village.phone("Xa")
    await phone.send(f"/start {code}")
    await phone.press("✅")
    return phone
