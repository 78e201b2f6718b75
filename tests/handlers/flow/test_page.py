"""Screens outside the report: a typed text answers the last one, and never acts by accident."""

import pytest

from criteria.answers import Ratio
from handlers.flow.channel import Button, Screen
from handlers.flow.press import pack
from storage.people import people, roles
from storage.reports import reports
from tests.handlers.review.test_review import sends
from tests.outbox import enqueue
from tests.phone import text_of


@pytest.fixture
async def mai(village):
    """The officer; the first question of the report of the office is open."""
    officer = await village.joined("Mai", role="officer")
    await officer.press("📝 Báo cáo của xã")
    assert "Câu 1/6" in officer.screen
    return officer


async def of_the_office(village):
    """The answers in the report of the office."""

    def look(tx):
        report = reports.report_of(tx, village.round, village.office)
        return {code: one.value for code, one in reports.answers_of(tx, report.id).items()}

    return await village.database.read(look)


async def members(village):
    return await village.database.read(
        lambda tx: len(people.people_of_commune(tx, village.commune))
    )


async def test_a_bare_number_opens_a_screen_but_never_acts_while_a_question_is_open(village, mai):
    await village.joined("Hùng")
    await mai.send("/quanly")
    await mai.send("1")
    assert "Khu 1 · 1" in mai.buttons
    await mai.press("Khu 1 · 1")
    await mai.press("👤 Hùng")
    await mai.press("Cho thôi")
    before = await members(village)
    await mai.send("1")  # the first button would end the role of Hùng
    assert await members(village) == before
    assert "Câu 1/6" in mai.screen
    assert await of_the_office(village) == {}


async def test_without_an_open_question_a_number_is_a_button(village):
    officer = await village.joined("Mai", role="officer")
    await village.joined("Hùng")
    await officer.send("/quanly")
    await officer.send("1")
    await officer.send("khu 1")
    await officer.press("👤 Hùng")
    await officer.press("Cho thôi")
    before = await members(village)
    await officer.send("1")
    assert await members(village) == before - 1


async def test_a_figure_goes_to_the_open_question_and_a_word_does_not(village, mai):
    await mai.send("/quanly")
    await mai.send("20/21")
    assert await of_the_office(village) == {"HT2": Ratio(20, 21)}
    await mai.send("/quanly")
    await mai.send("đường làng hỏng")
    assert "chưa ghi vào đâu" in mai.screen
    assert "Câu 2/6" in mai.screen


async def test_a_word_that_is_not_understood_shows_the_screen_again(village):
    officer = await village.joined("Mai", role="officer")
    await officer.send("/quanly")
    await officer.send("hôm nay trời đẹp")
    assert officer.screen.startswith("Tin nhắn này chưa hiểu được")
    await officer.send("kỳ báo cáo")
    assert "🟢 Tháng 3/2026" in officer.buttons


async def test_only_the_newest_screen_has_buttons(village, mai):
    hung = await village.joined("Hùng")
    await sends(hung)
    await mai.send("/quanly")
    first = mai.message()
    await mai.send("duyệt")
    assert "reply_markup" not in kept(mai, first)
    second = mai.message()
    await mai.send("/quanly")
    assert "reply_markup" not in kept(mai, second)


def kept(phone, message):
    return next(one for one in phone.messages if one["message_id"] == message["message_id"])


async def test_a_notice_in_between_does_not_remove_the_buttons(village, mai):
    hung = await village.joined("Hùng")
    await sends(hung)
    await mai.send("duyệt")
    await mai.press("Khu 1")
    await mai.press("↩️ Trả lại")
    await mai.send("2")
    await mai.press("✍️")
    asked = len(mai.messages)
    await notice(village, "Mai")
    assert len(mai.messages) == asked + 1
    await mai.send("xin đếm lại giúp")  # the note is still open
    assert "Đã trả lại Khu 1" in mai.screen


async def test_a_press_on_a_notice_ends_the_open_flow(village, mai):
    hung = await village.joined("Hùng")
    await sends(hung)
    await mai.send("duyệt")
    await mai.press("Khu 1")
    await mai.press("↩️ Trả lại")
    await mai.send("2")
    await mai.press("✍️")
    await notice(village, "Mai")
    await mai.press("🏠")
    await mai.send("xin đếm lại giúp")
    assert (await village.report()).state == "sent"
    assert not any("Xã hỏi lại" in text_of(one) for one in hung.messages)


async def notice(village, name):
    """A message from somebody else, with the button to the start screen."""

    def work(tx):
        held = people.people_of_commune(tx, village.commune)
        person = next(one.person.id for one in held if one.person.name == name)
        rows = ((Button("🏠 Về đầu", pack("home")),),)
        payload = Screen("Có tin mới ạ.", rows).to_json()
        enqueue(tx, person, "notice", payload, village.deployment.clock.now())

    await village.database.write(work)
    village.deployment.program.sender.wake()
    await village.deployment.quiet()


async def test_a_former_officer_cannot_answer_an_open_screen(village, mai):
    await village.joined("Yến", role="officer")
    hung = await village.joined("Hùng")
    await sends(hung)
    await mai.send("duyệt")
    await mai.press("Khu 1")
    await mai.press("✏️ Sửa giúp")
    await mai.press("✏️ 1")

    def dismiss(tx):
        held = people.people_of_commune(tx, village.commune, "officer")
        one = next(one for one in held if one.person.name == "Mai")
        roles.end_role(tx, one, by=None, now=village.deployment.clock.now(), why="removed")

    await village.database.write(dismiss)
    before = await village.answers()
    await mai.send("345")
    assert await village.answers() == before
    assert "Lúc này không làm việc ấy được nữa" in mai.screen


async def test_cancel_leaves_the_flow_and_back_goes_one_screen_back(village):
    officer = await village.joined("Mai", role="officer")
    hung = await village.joined("Hùng")
    await sends(hung)
    await officer.send("duyệt")
    for text in ("khu 1", "sửa giúp"):
        await officer.send(text)
    await officer.press("✏️ 1")
    await officer.send("345")
    await officer.send("quay lại")
    assert "số đúng là bao nhiêu" in officer.screen
    await officer.send("345")
    await officer.send("huỷ")
    assert "✏️ 1" in officer.buttons
    assert (await village.answers())["HT1"] == Ratio(340, 400)
