"""The review beside other work of the officer, in a commune of many areas, and in English."""

from criteria.answers import Ratio, YesNo
from storage.conversations.conversations import not_shown
from storage.reports import reports
from storage.rounds import rounds
from tests.handlers.review.test_review import sends


async def test_the_open_question_of_the_office_stays_open(village):
    hung = await village.joined("Hùng")
    await sends(hung)
    mai = await village.joined("Mai", role="officer")
    await mai.press("📝 Báo cáo của xã")
    assert "Câu 1/6" in mai.screen
    await mai.send("duyệt")
    await mai.send("1")  # the first report of the list, not one cadre
    assert "báo cáo này được chưa" in mai.screen
    await mai.send("duyệt")
    assert "Đã duyệt: Khu 1" in mai.screen
    await mai.send("/start")
    assert "Câu 1/6" in mai.screen
    await mai.send("20/21")
    assert "Câu 2/6" in mai.screen
    unit = village.office
    report = await village.database.read(lambda tx: reports.report_of(tx, village.round, unit))
    found = await village.database.read(lambda tx: reports.answers_of(tx, report.id))
    assert {code: one.value for code, one in found.items()} == {"HT2": Ratio(20, 21)}


async def test_one_review_screen_has_buttons_at_a_time(village):
    hung = await village.joined("Hùng")
    await sends(hung)
    mai = await village.joined("Mai", role="officer")
    await mai.send("duyệt")
    first = mai.message()["message_id"]
    await mai.send("1")
    assert "reply_markup" not in next(m for m in mai.messages if m["message_id"] == first)


async def test_after_a_restart_no_message_is_sent_twice(village):
    hung = await village.joined("Hùng")
    await sends(hung)
    mai = await village.joined("Mai", role="officer")
    await mai.press("📝 Báo cáo của xã")
    await mai.send("duyệt")
    before = len(mai.messages)
    here = await village.database.read(
        lambda tx: [one.address for one in not_shown(tx, village.deployment.clock.now())]
    )
    assert str(mai.id) not in here
    assert len(mai.messages) == before


async def test_twelve_areas_are_shown_in_pages(town):
    now = town.deployment.clock.now()

    def all_send(tx):
        for round_ in rounds.list_rounds(tx):
            if round_.state != "open":
                continue
            for unit in rounds.units_of_round(tx, round_.id):
                report = reports.start_report(tx, round_.id, unit.id, now)
                answer = {"by": None, "way": "text", "now": now}
                reports.put_answer(tx, report, "CQ3", YesNo(yes=True), **answer)
                reports.send_report(tx, report, by=None, now=now, deadline=round_.deadline)

    await town.program.database.write(all_send)
    await town.officer.send("duyệt")
    seen = set()
    for _ in range(4):
        assert len(town.officer.buttons) <= 8
        assert len(town.officer.screen) < 1500
        seen |= {b for b in town.officer.buttons if b.startswith("Khu")}
        if "Trang sau ▶" not in town.officer.buttons:
            break
        await town.officer.press("Trang sau ▶")
    assert f"{len(seen)} báo cáo chờ duyệt" in town.officer.screen
    assert len(seen) > 4


async def test_the_review_in_english(village):
    hung = await village.joined("Hung", language="en")
    await hung.press("📝 Report")
    for text in ("340", "5", "yes", "yes", "240/310", "7", "no", "yes"):
        await hung.send(text)
    await hung.press("📨 Send the report")
    may = await village.joined("May", role="officer", language="en")
    await may.send("review")
    assert "Which report first?" in may.screen
    await may.press("Khu 1")
    await may.press("⚖️ Settle the total")
    await may.press("🏛 Keep the commune's: 300")
    assert "the commune's total stays" in hung.screen
    await hung.press("✅ Right")
    await may.press("✏️ Correct it")
    await may.press("✏️ 1")
    await may.send("345")
    await may.send("misheard")
    assert "“misheard”" in hung.screen
    await may.press("↩️ Return")
    await may.send("2")
    await may.press("✍️ Write the note")
    await may.send("please count again")
    assert "please count again" in hung.screen
    await hung.press("📝 Answer question 2")
    await hung.send("4")
    await hung.press("📨 Send")
    assert "Report sent" in hung.screen
    await may.press("☎️ Enter for an area")
    await may.press("Khu 2")
    assert "Entering it for Khu 2" in may.screen
