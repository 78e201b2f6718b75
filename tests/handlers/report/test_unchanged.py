"""A round in which nothing changed: three presses, marked, and not twice in a row."""

from datetime import timedelta

import pytest

from criteria.answers import Ratio, YesNo
from criteria.sets.set_file import shipped_text
from storage import history
from storage.places import places
from storage.reports import reports
from storage.rounds import rounds
from tests.handlers.conftest import SET

KEEP = "🔁 Giữ cả như kỳ trước"
EARLIER = {
    "HT1": Ratio(340, 400),
    "HT2": Ratio(5, 5),
    "CQ3": YesNo(yes=True),
    "CQ4": YesNo(yes=True),
    "KT1": Ratio(240, 300),
    "KT2": Ratio(9, 10),
    "KT3": YesNo(yes=False),
    "XH1": YesNo(yes=True),
}


@pytest.fixture
async def hung(village):
    """A person whose area answered every question in the round before."""
    now = village.deployment.clock.now()

    def answer_before(tx):
        (old,) = [one for one in rounds.list_rounds(tx, village.commune) if one.id != village.round]
        report = reports.report_of(tx, old.id, village.areas["Khu 1"])
        for code, value in EARLIER.items():
            reports.put_answer(tx, report, code, value, by=None, way="text", now=now)

    await village.database.write(answer_before)
    return await village.joined("Hùng")


def offered(hung):
    """Whether a message, other than those of jobs, has the button."""
    return KEEP in str([one.get("reply_markup") for one in hung.messages])


async def next_round(village, hung):
    """Close the present round and open the next one, with its first question."""

    def turn(tx):
        now = village.deployment.clock.now()
        rounds.close_round(tx, village.round, now)
        made = rounds.open_round(
            tx, village.commune, "Tháng 4/2026", SET, shipped_text(SET), None, now,
            now + timedelta(days=9), now + timedelta(days=14), now,
        )  # fmt: skip
        return made.id

    village.deployment.clock.move_to(village.deployment.clock.now() + timedelta(days=1))
    village.round = await village.database.write(turn)
    assert not offered(hung)
    await hung.send("/baocao")
    await village.deployment.quiet()
    assert any("Câu 1/8" in one for one in hung.screens)


async def kept_all(hung):
    await hung.press("📝 Báo cáo")
    await hung.press(KEEP)
    await hung.press("✅ Đúng cả, gửi")


async def test_an_unchanged_report_takes_three_presses_and_is_marked(village, hung):
    await hung.press("📝 Báo cáo")
    await hung.press(KEEP)
    assert "✅ 1. Điện thoại thông minh: 340/400 = 85,00 %, như kỳ trước" in hung.screen
    assert await village.answers() == {}
    await hung.press("✅ Đúng cả, gửi")
    assert "Đã gửi báo cáo: Khu 1" in hung.screen
    assert "Giữ nguyên 8/8 câu như kỳ trước" in hung.screen
    assert await village.answers() == EARLIER
    found = await village.database.read(lambda tx: history.history_of_round(tx, village.round))
    assert {one.way for one in found if one.what == "answer"} == {"unchanged"}


async def test_an_unchanged_report_uses_the_totals_of_today(village, hung):
    now, unit = village.deployment.clock.now(), village.areas["Khu 1"]
    await village.database.write(
        lambda tx: places.set_figure(tx, unit, "adults", 410, now, way="import")
    )
    await hung.press("📝 Báo cáo")
    await hung.press(KEEP)
    assert "340/410" in hung.screen


async def test_one_question_can_be_taken_out_and_is_asked(village, hung):
    await hung.press("📝 Báo cáo")
    await hung.press(KEEP)
    await hung.press("✏️ 2")
    assert "⚠️ 2." in hung.screen
    await hung.press("✅ Đúng cả")
    assert "Câu 2/8" in hung.screen
    await hung.send("4")
    assert "Đã gửi báo cáo: Khu 1" in hung.screen
    assert "Giữ nguyên 7/8 câu như kỳ trước" in hung.screen
    assert await village.answers() == EARLIER | {"HT2": Ratio(4, 5)}


async def test_the_chair_and_the_officer_see_that_a_report_is_unchanged(village, hung):
    await kept_all(hung)
    chair = await village.joined("Chủ tịch", role="leader")
    await chair.press_data(f"1|s.area|{village.round}|{village.areas['Khu 1']}")
    assert "Giữ nguyên 8/8 câu như kỳ trước" in chair.screen
    mai = await village.joined("Mai", role="officer")
    report = (await village.report()).id
    await mai.press_data(f"1|v.one|{report}", on=1)
    assert "Giữ nguyên 8/8 câu như kỳ trước" in mai.screen


async def test_an_unchanged_report_is_not_accepted_in_two_rounds_in_a_row(village, hung):
    await kept_all(hung)
    await next_round(village, hung)
    assert not offered(hung)
    await hung.send("tất cả như kỳ trước")
    assert any("Kỳ trước khu mình đã giữ nguyên cả rồi" in one for one in hung.screens)
    report = (await village.report()).id
    await hung.press_data(f"1|wr.same|{report}")
    await village.deployment.quiet()
    assert not any("Đọc được như sau" in one for one in hung.screens)
    assert await village.answers() == {}


@pytest.mark.parametrize("change", ["câu 2: 4", "theo sổ sách"])
async def test_it_is_offered_again_after_a_change_or_a_counting_method(village, hung, change):
    await kept_all(hung)
    await hung.press("✏️ Xem, sửa báo cáo")
    if change == "theo sổ sách":
        await hung.press("✏️ 1")
    await hung.send(change)
    if "Đúng không ạ?" in hung.screen:
        await hung.send("đúng")
    await next_round(village, hung)
    assert offered(hung)


async def test_it_is_not_offered_where_an_earlier_answer_is_missing(village):
    hung = await village.joined("Hùng")
    await hung.press("📝 Báo cáo")
    assert KEEP not in hung.buttons


async def test_accepting_all_reports_shows_which_are_unchanged(village, hung):
    mai = await village.joined("Mai", role="officer")
    await kept_all(hung)
    await mai.send("/duyet")
    kept = "🔁 Giữ nguyên như kỳ trước: Khu 1 (8/8 câu)."
    assert kept in mai.screen
    await mai.press("✅ Duyệt 1 báo cáo không có dấu")
    assert f"Đã duyệt 1 báo cáo.\n{kept}" in mai.screen
