"""Why a result changed: two times of a round in sentences."""

from datetime import timedelta

from criteria.answers import Ratio, YesNo
from criteria.sets.set_file import shipped_text
from handlers.status.changes import change_fields, changed, changes_text, every_round
from handlers.status.loading import load_status
from handlers.status.overview import whole_commune
from handlers.texts import texts_of
from storage.reports import reports
from storage.results import confirmations
from storage.rounds import rounds
from tests.handlers.status.conftest import NOW, SET, ZONE, area_answers

VI = texts_of("vi")
LATER = NOW + timedelta(hours=3)


def between(commune):
    before = load_status(commune.tx, commune.round, LATER, at=NOW)
    return before, load_status(commune.tx, commune.round, LATER)


def said(commune):
    return changes_text(*between(commune), VI, ZONE).replace("\u00a0", " ")


def change(commune, unit, code, value):
    report = reports.report_of(commune.tx, commune.round.id, unit)
    reports.put_answer(commune.tx, report, code, value, by=None, way="text", now=LATER)


def test_without_changes_the_screen_says_so(commune):
    assert said(commune).endswith("🎯 Vẫn đạt 4/13\nSố liệu không đổi.")


def test_a_corrected_figure_is_shown_with_both_values(commune):
    change(commune, commune.areas[3], "HT1", Ratio(400, 408))
    assert (
        "⏳ Điện thoại thông minh: 82,9 % → 84,6 %, vì Khu 4 · Đồi Chè sửa 336/408 → 400/408"
        in said(commune)
    )


def test_changes_of_a_verdict_come_first(commune):
    change(commune, commune.areas[3], "HT1", Ratio(400, 408))
    change(commune, commune.areas[0], "KT3", YesNo(True))
    change(commune, commune.office, "XH2", YesNo(True))
    text = said(commune)
    assert "🎯 Đạt 4/13 → 6/13" in text
    lines = text.splitlines()[3:]
    assert [line.split(":")[0] for line in lines] == [
        "✅ Hợp tác xã số", "✅ Y tế số", "⏳ Điện thoại thông minh",
    ]  # fmt: skip
    assert lines[0].endswith("chưa đủ số liệu → đạt, vì Khu 1 · Đồi Chè sửa Chưa có → Có")
    assert "chưa có → có" in lines[1]


def test_sent_and_returned_reports_are_shown(commune):
    commune.answer(commune.areas[9], LATER, **area_answers(10))
    report = reports.report_of(commune.tx, commune.round.id, commune.areas[0])
    reports.return_report(commune.tx, report, ["HT1"], "xem lại", by=None, now=LATER)
    text = said(commune)
    assert "Khu 2 · Bến Gỗ gửi 360/420" in text
    assert "Khu 1 · Đồi Chè không còn tính 324/402" in text


def test_a_confirmation_by_an_officer_is_shown_as_one(commune):
    confirmations.confirm(
        commune.tx, commune.round, "CQ3", answer=True, reason="đã kiểm tra", by=None, now=LATER
    )
    assert "vì xã xác nhận" in said(commune)


def test_the_screen_is_short_and_has_buttons_to_details(commune):
    for unit in commune.areas[9:]:
        commune.answer(unit, LATER, **area_answers(3))
    context = commune.look(now=LATER)
    screen = changed(context, **changed.load(context, changed.at(commune.round)))
    assert len(screen.text) <= 4096
    labels = [button.label for row in screen.rows for button in row]
    assert labels[:4] == ["1 ngày trước", "3 ngày trước", "7 ngày trước", "14 ngày trước"]
    assert labels[4:] == ["🗓 Các kỳ trước", "📊 Cả xã"]


def test_earlier_rounds_can_be_opened_from_the_changes(commune):
    later = NOW + timedelta(days=99)
    rounds.open_round(
        commune.tx, commune.id, "Quý 1/2027", SET, shipped_text(SET), None, later, later, later, NOW
    )
    screen = every_round(
        commune.look(), **every_round.load(commune.look(), every_round.at(commune))
    )
    presses = [(button.label, button.data) for row in screen.rows for button in row][:-1]
    older = rounds.round_before(commune.tx, commune.round)
    assert presses == [
        ("Tháng 11/2026", whole_commune.data(commune.round)),
        ("Tháng 10/2026", whole_commune.data(older)),
    ]


def test_the_json_has_the_same_changes(commune):
    change(commune, commune.areas[3], "HT1", Ratio(400, 408))
    found = change_fields(*between(commune))["since"]
    assert found["met"] == 4
    assert found["changes"] == [{
        "code": "HT1", "before": "insufficient", "after": "insufficient",
        "units": [{"unit": "Khu 4 · Đồi Chè", "before": [336, 408], "after": [400, 408]}],
    }]  # fmt: skip


async def test_a_chair_can_ask_why_a_figure_changed(town):
    await town.chair.send("/visao 7")
    assert "thay đổi từ" in town.chair.screen
    assert "Đạt" in town.chair.screen
    await town.chair.press("1 ngày trước")
    assert "thay đổi từ" in town.chair.screen
    await town.chair.send("/why linh tinh")
    assert "thay đổi từ" in town.chair.screen
    await town.chair.send("/kytruoc")
    assert "Xem kỳ nào" in town.chair.screen
    await town.head.send("/start")
    await town.head.send("/visao")
    assert "thay đổi từ" not in town.head.screen
