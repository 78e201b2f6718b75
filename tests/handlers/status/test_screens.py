"""The screens of /status: their content, and their size on a telephone."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from criteria.answers import Ratio, YesNo
from criteria.scoring import by_weight
from handlers.flow.press import pack, unpack
from handlers.flow.routes import route_of
from handlers.status.areas import own_areas
from handlers.status.lines import totals_line
from handlers.status.loading import load_status
from handlers.status.overview import LONGEST, plain_text, whole_commune
from handlers.status.view import status_fields
from handlers.texts import LANGUAGES, cut_at_line, texts_of, without_tags
from storage.places import places
from storage.reports import reports
from storage.results import confirmations
from storage.rounds import rounds
from tests.handlers.status.conftest import (
    NOW,
    OPENS,
    ZONE,
    Commune,
    area_answers,
    looking,
    open_round,
)

VI = texts_of("vi")


def plain(screen):
    return re.sub(r"</?[bi]>", "", screen.text).replace("\u00a0", " ")


def labels(screen):
    return [button.label for row in screen.rows for button in row]


def full(commune, now=NOW):
    return plain(whole_commune(commune.look(now=now), commune.status(now)))


def shown(commune, address, *arguments, role="officer", now=NOW, language="vi"):
    """The page with this address about the commune's round."""
    press = unpack(pack(address, commune.round.id, *arguments))
    route = route_of(press)
    context = replace(commune.look(role, now, language), page=route.page_in(press))
    return route(context, **route.load(context, press))


def test_a_chair_sees_everything_in_about_thirty_lines(commune):
    text = full(commune)
    assert text.startswith("Xã Đồi Chè · Tháng 11/2026\n⏰ Hạn 25/11, còn 3 ngày\n")
    assert "Đã gửi 9/12 khu · xã: đã gửi" in text
    assert "Đạt 4/13 · chưa đạt 5 · chưa đủ số liệu 4" in text
    assert "⏳ Điện thoại thông minh: hiện 82,9 % (cần 85 %), 9/12 khu, thiếu 77 người" in text
    assert "❌ Cán bộ dùng điện thoại: 98,4 % (cần 100 %), thiếu 1 cán bộ\n" in text
    assert "❌ Tài khoản thanh toán: 68,3 % (cần 85 %), thiếu 450 người*" in text
    assert "* nếu tổng số các khu giữ nguyên" in text
    assert "❌ Tổ công nghệ số: 8 khu có, 1 chưa, 3 chưa rõ" in text
    assert "⏳ Giáo dục số: chờ xã trả lời" in text
    assert "Chưa gửi (3): Khu 2 · Bến Gỗ, Khu 3 · Bến Gỗ, Khu 4 · Bến Gỗ" in text
    assert "Kỳ trước: đạt 0/13" in text
    assert text.count("\n") < 35


def test_only_officers_see_the_areas_that_nobody_joined(commune):
    assert "Chưa ai tham gia (2): Khu 3 · Bến Gỗ" in full(commune)
    leader = shown(commune, "s.full", role="leader")
    assert "Chưa ai tham gia" not in leader.text


@pytest.mark.parametrize(
    ("days", "line"),
    [
        (0, "còn 3 ngày"),
        (3, "Hạn là hôm nay, 25/11"),
        (4, "Quá hạn 25/11, vẫn nhận đến hết 30/11"),
        (9, "Đã chốt 30/11"),
    ],
)
def test_the_remaining_days_are_calendar_days_of_the_commune(commune, days, line):
    assert line in full(commune, NOW + timedelta(days=days))


def test_nothing_reported_yet_shows_no_figure_at_all(empty):
    text = full(empty)
    assert "Đạt 0/13 · chưa đủ số liệu 13" in text
    assert "⏳ Điện thoại thông minh: chưa có số liệu" in text
    assert "⏳ Hồ sơ trực tuyến: chờ xã trả lời" in text
    assert "⏳ Tổ công nghệ số: 12 khu chưa rõ" in text
    assert "0,0" not in text


def test_thirteen_met_indicators_and_missing_dossiers_are_explained(empty):
    met = {code: YesNo(yes=True) for code in ("CQ3", "CQ4", "KT3", "XH1")}
    for unit in empty.areas:
        empty.answer(
            unit, HT1=Ratio(9, 10), HT2=Ratio(5, 5), KT1=Ratio(9, 10), KT2=Ratio(7, 10), **met
        )
    office = {code: YesNo(yes=True) for code in ("CQ2", "CQ5", "XH2", "XH3")}
    empty.answer(empty.office, HT2=Ratio(21, 21), CQ1=Ratio(0, 0), **office)
    text = full(empty)
    assert "Đạt 12/13, 1 không có đối tượng – cần cấp trên xem xét" in text
    assert "➖ Hồ sơ trực tuyến: không phát sinh hồ sơ" in text
    assert "Các khu đã gửi đủ" in text
    empty.answer(empty.office, CQ1=Ratio(3, 4))
    assert "Đạt đủ 13/13" in full(empty)


def test_a_confirmation_is_shown_with_its_reason_and_the_answers_of_the_areas(commune):
    confirmations.confirm(
        commune.tx, commune.round, "CQ3", answer=True, reason="đã <xem> sổ", by=None, now=NOW
    )
    text = full(commune)
    assert (
        "✅ Tổ công nghệ số: xã xác nhận có – đã &lt;xem&gt; sổ (8 khu có, 1 chưa, 3 chưa rõ)"
        in text
    )


def test_unknown_totals_are_named(commune):
    places.set_figure(commune.tx, commune.areas[10], "adults", None, NOW, way="import")
    assert "thiếu 77 người, chưa rõ tổng số 1 nơi" in full(commune)
    detail = plain(shown(commune, "s.ind", "HT1"))
    assert "Chưa biết tổng số của: Khu 3 · Bến Gỗ" in detail


def test_areas_are_grouped_by_state_and_can_be_opened(commune):
    screen = shown(commune, "s.areas")
    assert "Đang làm dở (1): Khu 2 · Bến Gỗ" in plain(screen)
    assert labels(screen)[0] == "✅ Khu 1 · Đồi Chè"
    last = shown(commune, "s.areas", 99)
    assert labels(last)[:3] == ["▫️ Khu 3 · Bến Gỗ", "▫️ Khu 4 · Bến Gỗ", "✅ Văn phòng xã"]


def test_an_area_shows_what_counts_and_a_dash_for_what_is_missing(commune):
    text = plain(shown(commune, "s.area", commune.areas[3]))
    assert "• Điện thoại thông minh: 336/408 = 82,3 %" in text
    draft = plain(shown(commune, "s.area", commune.areas[9]))
    assert "• Điện thoại thông minh: —" in draft


def test_an_indicator_shows_bounds_what_decides_and_every_unit(commune):
    screen = shown(commune, "s.ind", "HT1")
    text = plain(screen)
    assert "từ 62,5 % đến 87,1 %, nếu tổng số giữ nguyên" in text
    assert "Đủ để đạt, nếu báo có hết: Khu 2 · Bến Gỗ, Khu 3 · Bến Gỗ, Khu 4 · Bến Gỗ" in text
    assert "Đã tính 3.690/4.890 người" in text
    assert "• Khu 2 · Bến Gỗ: —" in text
    assert "☑️ Xác nhận cho cả xã" not in labels(screen)
    assert "☑️ Xác nhận cho cả xã" in labels(shown(commune, "s.ind", "CQ3"))
    assert "☑️ Xác nhận cho cả xã" not in labels(shown(commune, "s.ind", "CQ3", role="leader"))


def test_the_actions_say_which_areas_decide_and_where_people_are(commune):
    text = plain(shown(commune, "s.todo"))
    assert "1. Xã trả lời nốt: Giáo dục số." in text
    assert "2. Nhắc gửi: Khu 2 · Bến Gỗ, Khu 3 · Bến Gỗ, Khu 4 · Bến Gỗ. Nhờ đó biết" in text
    assert (
        "Cán bộ dùng điện thoại: vận động thêm 1 cán bộ. Còn nhiều nhất ở: Khu 4 · Đồi Chè (1)"
        in text
    )
    assert "Văn phòng xã" not in text


def test_a_long_text_is_cut_at_a_line_and_shows_it():
    assert cut_at_line("one\ntwo", 7) == "one\ntwo"
    assert cut_at_line("one\n\ntwo three", 9) == "one…"
    assert cut_at_line("one two three", 6) == "one t…"


def test_the_status_of_a_reporter_says_what_is_missing(commune):
    screen = own_areas(looking(commune.tx, areas=[commune.areas[9]]))
    assert "Đã trả lời 1/8 câu. Còn: Cán bộ dùng điện thoại" in plain(screen)
    assert "Cả xã: đạt 4/13 · 9/12 khu đã gửi" in plain(screen)
    assert labels(screen) == ["📝 Báo cáo", "🏠 Về đầu"]
    sent = own_areas(looking(commune.tx, areas=[commune.areas[0]]))
    assert "• Điện thoại thông minh: 324/402 = 80,5 %" in plain(sent)


def test_copied_text_is_plain_and_short(commune):
    text = plain_text(commune.status(), VI, ZONE)
    assert text.startswith("📊 XÃ ĐỒI CHÈ – Tháng 11/2026")
    assert "<" not in text
    assert "Bác Tư" not in text
    assert len(text) <= LONGEST


def test_a_returned_report_is_not_in_but_its_other_answers_count(commune):
    report = reports.report_of(commune.tx, commune.round.id, commune.areas[0])
    reports.return_report(commune.tx, report, ["HT1"], "xem lại", by=None, now=NOW)
    assert commune.status().areas_in == 8
    text = plain(shown(commune, "s.area", commune.areas[0]))
    assert "↩️ Xã hỏi lại" in text
    assert "• Điện thoại thông minh: —" in text
    assert "• Tài khoản thanh toán: 185/300 = 61,6 %" in text


def test_the_json_fields_add_up(commune):
    fields = status_fields(commune.status())
    found = fields["reports"]
    assert (found["in"], found["expected"], found["office"]) == (10, 13, "sent")
    assert found["in"] + len(found["missing"]) == found["expected"]
    assert list(fields) == [
        "commune", "round", "as_of", "reports", "met", "not_met", "open", "not_applicable",
        "total", "smart_commune", "groups", "indicators",
    ]  # fmt: skip
    first = fields["indicators"][0]
    assert first["deciding"] == ["Khu 2 · Bến Gỗ", "Khu 3 · Bến Gỗ", "Khu 4 · Bến Gỗ"]
    assert (first["value"], first["low"], first["high"]) == ("0.8292", "0.6257", "0.8711")


@pytest.fixture
def huge(tx):
    """Fifty areas with long names, half of them reported, every text of maximum length."""
    commune = places.add_commune(tx, "dai", "Xã " + "Rất Dài " * 8).id
    areas = []
    for number in range(1, 51):
        unit = places.add_unit(
            tx,
            commune,
            f"k{number}",
            f"Khu dân cư số {number % 25} thuộc thôn Thượng Hạ Trung",
            number=number,
            old_commune="Xã cũ có tên rất là dài " + "AB"[number % 2],
        )
        areas.append(unit.id)
    office = places.office_of(tx, commune).id
    round_ = open_round(tx, commune, "Kỳ báo cáo quý IV năm 2026 (bổ sung)", OPENS)
    made = Commune(tx, commune, tuple(areas), office, round_)
    for unit in areas[::2]:
        made.answer(
            unit,
            HT1=Ratio(12345, 23456),
            HT2=Ratio(15, 16),
            KT1=Ratio(1, 12345),
            KT2=Ratio(1, 12345),
            **{code: YesNo(yes=False) for code in ("CQ3", "CQ4", "KT3", "XH1")},
        )
    for code in ("CQ3", "CQ4", "KT3", "XH1"):
        confirmations.confirm(tx, round_, code, answer=True, reason="lý do " * 80, by=None, now=NOW)
    return made


def test_at_most_twelve_missing_areas_are_named_and_a_button_leads_to_all(huge):
    status = huge.status()
    screen = shown(huge, "s.full")
    line = next(one for one in plain(screen).splitlines() if "Chưa gửi (25)" in one)
    first = by_weight(status.result, status.areas_missing)[:12]
    assert all(status.name(unit, texts_of("vi")) in line for unit in first)
    assert line.endswith("và 13 khu nữa")
    assert "🏘 và 13 khu nữa" in labels(screen)
    listed = [one for n in range(5) for one in labels(shown(huge, "s.late", n)) if "Khu dân" in one]
    assert len(listed) == 25


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_fits_into_a_message_even_with_fifty_long_names(huge, language):
    status = huge.status()
    codes = [one.code for one in status.result.indicators]

    def pages(address, *arguments):
        return shown(huge, address, *arguments, language=language)

    screens = [
        pages("s.full"),
        *(pages("s.areas", number) for number in range(12)),
        *(pages("s.late", number) for number in range(6)),
        *(pages("s.inds", number) for number in range(4)),
        *(pages("s.ind", code, number) for code in codes for number in range(4)),
        pages("s.todo"),
        own_areas(looking(huge.tx, areas=huge.areas, language=language)),
        *(pages("s.area", unit) for unit in (huge.areas[0], huge.office)),
    ]
    for screen in screens:
        assert len(screen.text) <= 4096
        assert len(labels(screen)) <= 8
        for row in screen.rows:
            for button in row:
                assert len(button.data.encode()) <= 64
    copied = pages("s.copy")
    assert len(copied.text) <= LONGEST
    assert "Chưa gửi (25)" in copied.text or "Not sent (25)" in copied.text


def test_a_differing_total_shows_both_results(commune):
    unit = commune.areas[0]
    report = reports.report_of(commune.tx, commune.round.id, unit)
    reports.put_answer(
        commune.tx, report, "HT1", Ratio(350, 400), by=None, way="text", now=NOW, commune_total=412
    )
    text = plain(shown(commune, "s.area", unit))
    assert (
        "• Điện thoại thông minh: 350/400 = 87,5 %\n   ↳ theo tổng số của xã (412): 84,95 %" in text
    )


def test_the_past_is_shown_as_it_was(commune):
    later = NOW + timedelta(hours=1)
    commune.answer(commune.areas[9], later, **area_answers(10))
    before = load_status(commune.tx, commune.round, later, at=NOW)
    after = load_status(commune.tx, commune.round, later)
    assert (before.areas_in, after.areas_in) == (9, 10)
    assert before.result.indicator("HT1").ratio.denominator == 3690
    assert after.result.indicator("HT1").ratio.denominator == 4110


def test_a_closed_round_can_still_be_read(commune):
    rounds.close_round(commune.tx, commune.round.id, NOW)
    assert "🔒 Đã chốt 22/11" in full(commune)


def test_the_meaning_of_all_met_comes_from_the_set(commune):
    status, texts = commune.status(), texts_of("vi")
    result = replace(status.result, met=13, not_met=0, open=0, not_applicable=0)
    done = replace(status, result=result)
    said = without_tags(totals_line(done, texts))
    assert said == "🏆 Đạt đủ 13/13: xã nông thôn mới thông minh!"
    text = re.sub(r"\[aim\]\n(.+\n)+", "", done.round.criteria)
    without = replace(done, round=replace(done.round, criteria=text))
    said = without_tags(totals_line(without, texts))
    assert said == "🏆 Đạt đủ 13/13 chỉ tiêu!"
