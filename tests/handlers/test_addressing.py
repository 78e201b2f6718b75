"""A typed text belongs to what its writer saw: whole conversations with late and odd messages."""

from datetime import timedelta

import pytest

from criteria.answers import Ratio, YesNo
from storage import history
from storage.people import people

CODES = ("HT1", "HT2", "CQ3", "CQ4", "KT1", "KT2", "KT3", "XH1")


@pytest.fixture
async def hung(village):
    """The head of Khu 1, with the first question open."""
    phone = await village.joined("Hùng")
    await phone.press("📝")
    return phone


def question(phone, number):
    """The newest message that asks this question."""
    return next(
        m for m in reversed(phone.messages) if f"Câu {number}/8" in m["text"] or
        m["text"].startswith(f"{number}.")
    )  # fmt: skip


async def sent_report(village, phone):
    for text in ("340", "5", "có", "có", "240/300", "7", "chưa", "có"):
        await phone.send(text)
    await phone.press("📨 Gửi báo cáo")


# --- replies --------------------------------------------------------------------------------------


async def test_a_reply_to_an_older_question_corrects_it(village, hung):
    asked = hung.message()
    for text in ("340", "4", "có", "có"):
        await hung.send(text)
    await hung.reply(asked, "có")
    assert hung.screen.startswith("Tin vừa nhắn trả lời câu 1 (Điện thoại thông minh).")
    await hung.reply(asked, "280")
    answers = await village.answers()
    assert answers["HT1"] == Ratio(340, 400)
    assert "KT1" not in answers
    assert "280/400" in hung.screen
    await hung.send("đúng")
    assert (await village.answers())["HT1"] == Ratio(280, 400)
    assert "Câu 5/8" in hung.screen


async def test_a_reply_with_one_digit_is_not_a_button_of_the_open_question(village, hung):
    await hung.send("340")
    asked = hung.message()
    for text in ("5", "có"):
        await hung.send(text)
    await hung.reply(asked, "3")
    answers = await village.answers()
    assert "CQ4" not in answers
    assert answers["HT2"] == Ratio(5, 5)
    assert "3/5" in hung.screen


async def test_a_reply_to_the_open_question_is_its_answer(village, hung):
    await hung.reply(hung.message(), "340")
    assert (await village.answers())["HT1"] == Ratio(340, 400)


async def test_a_reply_to_an_own_message_corrects_the_answer_of_that_message(village, hung):
    await hung.send("340")
    await hung.reply(hung.mine[-1], "345")
    assert "345/400" in hung.screen
    assert (await village.answers()) == {"HT1": Ratio(340, 400)}
    await hung.press("✅ Đúng")
    assert (await village.answers()) == {"HT1": Ratio(345, 400)}


# --- texts from before their question -------------------------------------------------------------


async def test_a_correction_written_in_an_outage_does_not_answer_the_next_question(village, hung):
    async with village.deployment.outage():
        await hung.send("40")
        await hung.send("45")
    assert await village.answers() == {}  # 40 is far from the last period: it is confirmed
    assert "45" in hung.screen


async def test_a_second_number_written_in_an_outage_is_asked_about(village, hung):
    async with village.deployment.outage():
        await hung.send("340")
        await hung.send("345")
    assert await village.answers() == {"HT1": Ratio(340, 400)}
    assert "“345” là cho câu nào" in hung.screen
    assert "✏️ Câu 1: 340/400 → 345" in hung.buttons
    await hung.press("✏️ Câu 1")
    assert await village.answers() == {"HT1": Ratio(345, 400)}
    assert "Câu 2/8" in hung.screen


async def test_the_same_word_three_times_counts_once(village, hung):
    await hung.send("340")
    await hung.send("5")
    async with village.deployment.outage():
        for _ in range(3):
            await hung.send("có")
    answers = await village.answers()
    assert answers["CQ3"] == YesNo(yes=True)
    assert "CQ4" not in answers
    assert "Câu 4/8" in hung.screen


async def test_two_equal_words_at_once_count_once(village, hung):
    await hung.send("340")
    await hung.send("5")
    world = village.deployment.world
    world.send_text(hung.id, "có")
    world.send_text(hung.id, "có")
    await hung.settled()
    assert "CQ4" not in await village.answers()


async def test_a_late_text_goes_to_the_question_that_was_open_when_it_was_written(village, hung):
    await hung.send("sửa câu 5")
    hung.hold()
    await hung.send("250")
    await hung.send("sửa câu 2")
    await hung.release()
    assert await village.answers() == {"KT1": Ratio(250, 300)}
    await hung.send("5")
    assert (await village.answers())["HT2"] == Ratio(5, 5)


# --- edits ----------------------------------------------------------------------------------------


async def test_an_edit_that_changes_nothing_is_ignored(village, hung):
    await hung.send("340")
    for _ in range(3):
        await hung.send("bỏ qua")
    seen = len(hung.messages)
    await hung.edit_unchanged(hung.mine[1])
    assert len(hung.messages) == seen
    await hung.send("250")
    assert await village.answers() == {"HT1": Ratio(340, 400), "KT1": Ratio(250, 300)}


async def test_a_number_after_an_edit_goes_to_the_open_question(village, hung):
    await hung.send("340")
    for _ in range(3):
        await hung.send("bỏ qua")
    await hung.edit(hung.mine[1], "345")
    assert "345/400" in hung.screen
    await hung.send("250")
    assert await village.answers() == {"HT1": Ratio(340, 400), "KT1": Ratio(250, 300)}
    assert "345/400" in hung.screen  # it still waits for a reply
    await hung.send("đúng")
    assert (await village.answers())["HT1"] == Ratio(345, 400)
    assert "Câu 6/8" in hung.screen


async def test_a_number_and_an_edit_in_one_batch(village, hung):
    await hung.send("340")
    for _ in range(3):
        await hung.send("bỏ qua")
    async with village.deployment.outage():
        await hung.edit(hung.mine[1], "345")
        await hung.send("250")
    answers = await village.answers()
    assert answers["HT1"] == Ratio(340, 400)
    assert answers["KT1"] == Ratio(250, 300)


# --- refusing a confirmation -------------------------------------------------------------


@pytest.mark.parametrize("word", ["không", "không đúng", "không phải", "chưa đúng", "sai", "2"])
async def test_a_refused_confirmation_stores_nothing(village, hung, word):
    await hung.send("sửa câu 3")
    await hung.send("sắp có")
    assert "Chưa có. Đúng không ạ?" in hung.screen
    await hung.send(word)
    assert await village.answers() == {}


async def test_a_refused_overwriting_keeps_the_answer_of_the_other_member(village, hung):
    await hung.send("sửa câu 3: có")
    lan = await village.joined("Lan")
    await lan.press("📝")
    await lan.send("sửa câu 3")
    await lan.send("chưa")
    assert "Ghi đè lên ạ?" in lan.screen
    await lan.send("không")
    assert (await village.answers())["CQ3"] == YesNo(yes=True)


async def test_an_answer_by_another_member_before_the_confirmation_is_shown(village, hung):
    await hung.send("khoảng 350")
    lan = await village.joined("Lan")
    await lan.press("📝")
    await lan.send("sửa câu 1: 345")
    await hung.send("đúng")
    assert (await village.answers())["HT1"] == Ratio(345, 400)
    assert "Ghi đè lên ạ?" in hung.screen
    await hung.send("đúng")
    assert (await village.answers())["HT1"] == Ratio(350, 400)


# --- questions of the office ----------------------------------------------------------------------


async def test_a_yes_confirms_the_offices_correction_and_not_the_open_question(village, hung):
    await sent_report(village, hung)
    mai = await village.joined("Mai", role="officer")
    await hung.send("sửa câu 7")
    await mai.send("duyệt")
    await mai.press("Khu 1")
    await mai.press("✏️ Sửa giúp")
    await mai.press("✏️ 1")
    await mai.send("345")
    await mai.send("gõ nhầm")
    assert "Đúng không ạ?" in hung.screen
    await hung.send("đúng")
    answers = await village.answers()
    assert answers["KT3"] == YesNo(yes=False)
    assert answers["HT1"] == Ratio(345, 400)
    assert "Cảm ơn" in hung.screen or "đúng" in hung.screen


async def test_a_number_with_a_return_and_a_question_open_is_asked_about(village, hung):
    await sent_report(village, hung)
    await hung.send("sửa câu 5")
    mai = await village.joined("Mai", role="officer")
    await mai.send("duyệt")
    await mai.press("Khu 1")
    await mai.press("↩️ Trả lại")
    await mai.send("1")
    await mai.press("✍️ Viết lời nhắn")
    await mai.send("xin đếm lại")
    assert "xin đếm lại" in hung.screen
    await hung.send("180")
    answers = await village.answers()
    assert answers["KT1"] == Ratio(240, 300)
    assert answers["HT1"] == Ratio(340, 400)
    assert "cho câu nào" in hung.screen
    await hung.press("✏️ Câu 1")
    await hung.press("✅ Đúng")
    assert (await village.answers())["HT1"] == Ratio(180, 400)


@pytest.mark.parametrize("word", ["số đúng rồi", "đúng rồi", "giữ nguyên", "như cũ"])
async def test_a_returned_answer_can_be_confirmed_unchanged(village, hung, word):
    await sent_report(village, hung)
    mai = await village.joined("Mai", role="officer")
    await mai.send("duyệt")
    await mai.press("Khu 1")
    await mai.press("↩️ Trả lại")
    await mai.send("1")
    await mai.press("✍️ Viết lời nhắn")
    await mai.send("xin đếm lại")
    await hung.press("📝 Trả lời câu 1")
    assert "✅ Giữ nguyên: 340/400" in hung.buttons
    await hung.send(word)
    assert (await village.answers())["HT1"] == Ratio(340, 400)
    await hung.press("📨 Gửi")
    assert (await village.report()).state == "sent"


async def test_having_no_evidence_does_not_answer_the_question(village, hung):
    await hung.send("sửa câu 3: có")
    await hung.send("sửa câu 3")
    await hung.send("minh chứng")
    await hung.press("➕ Thêm")
    await hung.press("📎 Minh chứng")
    await hung.send("không có")
    assert (await village.answers())["CQ3"] == YesNo(yes=True)


async def test_a_link_typed_at_a_question_that_wants_evidence_is_accepted(village, hung):
    await hung.send("sửa câu 3")
    await hung.send("https://xa.example/anh-hop-to")
    assert "📎 Đã nhận minh chứng cho câu 3" in hung.screen


# --- nothing is dropped silently ------------------------------------------------------------


async def test_sending_waits_for_an_open_confirmation(village, hung):
    await hung.send("sửa câu 1: khoảng 300")
    assert "300/400" in hung.screen
    await hung.send("gửi")
    assert "Số này chưa ghi" in hung.screen
    assert "300/400" in hung.screen
    await hung.send("đúng")
    assert (await village.answers())["HT1"] == Ratio(300, 400)


async def test_leaving_a_confirmation_says_what_was_not_stored(village, hung):
    await hung.send("khoảng 350")
    await hung.send("bỏ qua")
    assert "Chưa ghi 350/400" in hung.screen
    assert await village.answers() == {}


async def test_undo_reverts_only_the_persons_own_newest_change(village, hung):
    await hung.send("340")
    await hung.send("5")
    lan = await village.joined("Lan")
    await lan.press("📝")
    await lan.send("sửa câu 2: 4")
    await lan.send("đúng")
    await hung.send("nhầm")
    assert await village.answers() == {"HT1": Ratio(340, 400), "HT2": Ratio(4, 5)}
    assert "người khác sửa" in hung.screen


async def test_the_button_undoes_the_answer_above_it(village, hung):
    await hung.send("340")
    await hung.press("↩️ Ghi nhầm")
    assert await village.answers() == {}
    assert "Câu 1/8" in hung.screen


async def test_an_old_undo_button_undoes_nothing(village, hung):
    await hung.send("340")
    old = dict(hung.message())
    await hung.send("5")
    await hung.press("↩️ Ghi nhầm", on=old)
    assert len(await village.answers()) == 2


# --- totals and gaps ------------------------------------------------------------------------------


async def test_zero_of_zero_is_confirmed(village, hung):
    await hung.send("0/0")
    assert await village.answers() == {}
    assert "Đúng không ạ?" in hung.screen


async def test_a_total_can_be_corrected_by_words(village, hung):
    await hung.press("✏️ Sửa tổng số")
    await hung.send("tổng 410")
    assert "410" in hung.screen
    await hung.send("350")
    assert (await village.answers())["HT1"] == Ratio(350, 410)


async def test_all_together_is_the_total_where_a_total_is_asked(village):
    phone = await village.joined("Bình", area="Khu 3")
    await phone.press("📝")
    await phone.send("100")
    await phone.send("tất cả 120")
    assert (await village.answers("Khu 3"))["HT1"] == Ratio(100, 120)


@pytest.mark.parametrize(("word", "state"), [("có", "sent"), ("không", "draft")])
async def test_sending_with_gaps_is_confirmed_in_words(village, hung, word, state):
    await hung.send("340")
    await hung.send("gửi")
    await hung.send("gửi")
    assert "Vẫn gửi ạ?" in hung.screen
    await hung.send(word)
    assert (await village.report()).state == state


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("trợ giúp", "Cách làm"),
        ("làm báo cáo", "Câu 1/8"),
        ("sửa câu 2: 4", "Câu 2"),
        ("chưa biết", "Câu 1"),
        ("350/400", "cho câu nào"),
        ("gửi", "Xem lại rồi gửi"),
        ("quay lại", "Hạn gửi"),
    ],
)
async def test_words_for_every_screen_work_on_the_start_screen(village, text, seen):
    phone = await village.joined("Hùng")
    await phone.send(text)
    assert seen in "\n".join(phone.screens[-2:])


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("trợ giúp", "Cách làm"),
        ("cái gì thế", "Cách làm"),
        ("vướng mắc", "đang vướng điều gì"),
        ("sửa câu 2: 4", "Câu 2"),
        ("gửi", "Xem lại rồi gửi"),
        ("huỷ", "Hạn gửi"),
    ],
)
async def test_words_that_name_their_object_work_on_other_screens(village, text, seen):
    phone = await village.joined("Hùng")
    await phone.send("/vuongmac mất sóng")
    await phone.send(text)
    assert seen in "\n".join(phone.screens[-2:])


@pytest.mark.parametrize("text", ["340", "chưa biết", "để sau"])
async def test_words_about_a_question_open_no_report_from_another_screen(village, text):
    phone = await village.joined("Hùng")
    await phone.send("/vuongmac mất sóng")
    await phone.send(text)
    assert "chưa hiểu được" in phone.screen
    assert await village.report() is None


async def test_a_what_if_can_be_typed(village):
    mai = await village.joined("Sơn", role="leader")
    await mai.send("nếu Khu 2 đạt 90 % thì sao?")
    assert "Khu 2" in mai.screen
    assert "90" in "\n".join([mai.screen, *mai.buttons])


# --- in time --------------------------------------------------------------------------------------


async def written_before_the_close(village, phone, text):
    """A person writes shortly before the close; the bot is down until after it."""
    deployment = village.deployment
    round_ = await village.round_()
    deployment.clock.move_to(round_.closes_at - timedelta(minutes=10))
    async with deployment.outage():
        deployment.clock.move_to(round_.closes_at - timedelta(minutes=4))
        await phone.send(text)
        deployment.clock.move_to(round_.closes_at + timedelta(minutes=20))
    await deployment.quiet()


async def test_answers_written_before_the_close_count_and_can_be_sent_for_a_day(village, hung):
    mai = await village.joined("Mai", role="officer")
    await hung.press("📝")
    await written_before_the_close(village, hung, "350")
    assert await village.answers() == {"HT1": Ratio(350, 400)}
    await hung.send("gửi")
    await hung.send("gửi")  # the job that closes the round has not run yet
    assert "Vẫn gửi" in hung.buttons[0]
    await village.deployment.program.jobs.tick()
    await hung.press("Vẫn gửi")
    assert (await village.report()).state == "sent"
    village.deployment.clock.move_to(village.deployment.clock.now() + timedelta(hours=25))
    await hung.send("sửa câu 1: 360")
    assert (await village.answers())["HT1"] == Ratio(350, 400)
    await village.deployment.program.jobs.tick()
    await village.deployment.quiet()
    assert any("tin bây giờ mới tới" in one for one in mai.screens)


async def test_a_whole_report_written_before_the_close_is_taken_in_without_an_open_report(village):
    hung = await village.joined("Hùng")
    text = "1: 350/400, 2: 5/5, 3 có, 4 có, 5: 250/300, 6: 9/10, 7 chưa, 8 có"
    await written_before_the_close(village, hung, text)
    assert "Đúng cả" in hung.buttons[0]
    await village.deployment.program.jobs.tick()
    await hung.press("Đúng cả")
    assert (await village.answers())["HT1"] == Ratio(350, 400)
    await hung.press("Gửi báo cáo")
    assert (await village.report()).state == "sent"


@pytest.mark.parametrize("chosen", ["▫️ Khu 2", "khu 2"])
async def test_a_whole_report_written_before_the_close_is_kept_until_its_area_is_chosen(
    village, chosen
):
    hung = await village.joined("Hùng")
    await also_reports(village, hung, "Khu 2")
    text = "1: 350/400, 2: 5/5, 3 có, 4 có, 5: 250/300, 6: 9/10, 7 chưa, 8 có"
    await written_before_the_close(village, hung, text)
    await village.deployment.program.jobs.tick()
    assert "Báo cáo vừa nhắn là của khu nào" in hung.screen
    await (hung.press if chosen in hung.buttons else hung.send)(chosen)
    assert any("Đọc được như sau" in one and "Khu 2" in one for one in hung.screens)
    await hung.press("Đúng cả")
    await hung.press("Gửi báo cáo")
    assert (await village.report("Khu 2")).state == "sent"


async def test_a_day_later_the_area_of_a_report_written_before_the_close_is_chosen_in_vain(village):
    hung = await village.joined("Hùng")
    await also_reports(village, hung, "Khu 2")
    await written_before_the_close(village, hung, "1: 350/400, 2: 5/5, 3 có, 4 có, 7 chưa")
    village.deployment.clock.move_to(village.deployment.clock.now() + timedelta(hours=25))
    await hung.press("Khu 2")
    assert not hung.screen.startswith("Đọc được như sau")
    assert await village.report("Khu 2") is None


async def also_reports(village, phone, label):
    """Give the person of a telephone a second area."""
    now, unit = village.deployment.clock.now(), village.areas[label]

    def add(tx):
        person = people.find_person(tx, "telegram", str(phone.id))
        people.add_membership(tx, person.id, "reporter", now=now, unit_id=unit)

    await village.database.write(add)


async def test_answers_written_after_the_close_are_refused(village, hung):
    round_ = await village.round_()
    village.deployment.clock.move_to(round_.closes_at + timedelta(minutes=1))
    await hung.send("350")
    assert await village.answers() == {}
    mai = await village.joined("Mai")
    for text in ("1: 350/400, 2: 5/5, 3 có", "350", "gửi"):
        before = len(mai.screens)
        await mai.send(text)
        # The message that the round is over may come after the reply.
        reply = "\n".join(mai.screens[before:])
        assert "chưa ghi vào báo cáo được" in reply
        assert "Hiện chưa có kỳ báo cáo nào đang mở" in reply
    before = len(mai.screens)
    await mai.send("alo")
    assert "chưa ghi vào báo cáo" not in "\n".join(mai.screens[before:])


async def test_a_report_sent_in_time_is_not_late_after_the_deadline_moves(village, hung):
    from storage.rounds import rounds

    await sent_report(village, hung)
    now = village.deployment.clock.now()
    early = now - timedelta(hours=1)
    await village.database.write(lambda tx: rounds.edit(tx, village.round, now, deadline=early))
    assert (await village.report()).late
    later = now + timedelta(days=3)
    await village.database.write(lambda tx: rounds.edit(tx, village.round, now, deadline=later))
    assert not (await village.report()).late


async def test_history_has_the_time_of_writing(village, hung):
    await hung.press("📝")
    await written_before_the_close(village, hung, "350")
    unit = village.areas["Khu 1"]
    found = await village.database.read(lambda tx: history.history_of_unit(tx, unit))
    answered = next(one for one in found if one.what == "answer" and one.indicator == "HT1"
                    and one.round_id == village.round)  # fmt: skip
    round_ = await village.round_()
    assert answered.at < round_.closes_at


async def test_an_answer_fits_every_screen_of_its_question(village, hung):
    async with village.deployment.outage():
        await hung.press("ℹ️ Giải thích")
        await hung.send("340")
    assert await village.answers() == {"HT1": Ratio(340, 400)}


async def test_a_refused_number_and_its_correction_in_an_outage(village, hung):
    async with village.deployment.outage():
        await hung.send("430")
        await hung.send("340")
    assert await village.answers() == {"HT1": Ratio(340, 400)}


@pytest.mark.parametrize("way", ["typed", "pressed"])
async def test_the_answer_not_known_does_not_overwrite_a_known_answer(village, hung, way):
    lan = await village.joined("Lan")
    await lan.press("📝")
    await hung.send("340")
    if way == "typed":
        await lan.send("chưa biết")
    else:
        await lan.press("➕ Thêm")
        await lan.press("Chưa biết")
    assert await village.answers() == {"HT1": Ratio(340, 400)}
    assert "Giữ nguyên câu 1" in lan.screen


async def test_a_reply_to_the_question_of_another_area_is_confirmed(village, hung):
    await hung.send(f"/start {await village.code('reporter', 'Khu 2')}")
    await hung.send("/baocao")
    await hung.press("Khu 1")
    asked = hung.message()
    await hung.send("/baocao")
    await hung.press("Khu 2")
    await hung.reply(asked, "340")
    assert "340/400" in hung.screen
    assert "Khu 1" in hung.screen
    assert "đã trả lời rồi" not in hung.screen
    assert (await village.answers(), await village.answers("Khu 2")) == ({}, {})
    await hung.send("đúng")
    assert await village.answers() == {"HT1": Ratio(340, 400)}


async def test_a_reply_to_a_practice_question_does_not_answer_the_report(village, hung):
    await hung.send("/tap")
    practice = hung.message()
    await hung.send("/baocao")
    await hung.reply(practice, "345")
    assert await village.answers() == {}
    assert "chưa ghi vào đâu" in hung.screen
    await hung.send("345")
    assert await village.answers() == {"HT1": Ratio(345, 400)}


async def test_a_number_in_reply_to_the_offices_correction_corrects_its_question(village, hung):
    await sent_report(village, hung)
    await hung.send("sửa câu 5")
    mai = await village.joined("Mai", role="officer")
    await mai.send("duyệt")
    await mai.press("Khu 1")
    await mai.press("✏️ Sửa giúp")
    await mai.press("✏️ 1")
    await mai.send("345")
    await mai.send("gõ nhầm")
    await hung.reply("Xã vừa sửa", "342")
    assert "342/400" in hung.screen
    assert (await village.answers())["HT1"] == Ratio(345, 400)
    await hung.send("đúng")
    assert (await village.answers())["HT1"] == Ratio(342, 400)
    assert "Câu 5/8" in hung.screen


async def test_a_no_with_a_report_by_the_office_and_an_open_question_is_asked_about(village, hung):
    mai = await village.joined("Mai", role="officer")
    await mai.send("duyệt")
    await mai.press("☎️ Ghi giúp")
    await mai.press("Khu 1")
    await mai.send("340")
    await hung.send("sửa câu 3")
    for text in ("gửi", "gửi", "có"):
        await mai.send(text)
    await hung.send("không")
    assert await village.answers() == {"HT1": Ratio(340, 400)}
    assert "❌ Xã ghi giúp chưa đúng" in hung.buttons
    await hung.press("📝 Trả lời câu 3")
    assert (await village.answers())["CQ3"] == YesNo(yes=False)
