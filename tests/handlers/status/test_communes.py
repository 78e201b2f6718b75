"""The table of communes: those that need help come first, in pages."""

from dataclasses import replace
from datetime import timedelta

from criteria.sets.set_file import shipped_text
from handlers.status.communes import all_communes, by_need
from storage.places import places
from storage.rounds import overviews, rounds
from tests.handlers.status.conftest import NOW, everywhere, looking, open_round


def found(tx, code, opens, *, closed=False):
    commune = places.add_commune(tx, code, f"Xã {code}")
    places.add_unit(tx, commune.id, "k1", "Khu 1", number=1)
    if opens is not None:
        made = open_round(tx, commune.id, "Kỳ 1", opens)
        if closed:
            rounds.close_round(tx, made.id, NOW)
    return commune


def test_open_rounds_with_reports_missing_come_first_by_deadline(tx):
    without = found(tx, "a", None)
    closed = found(tx, "b", NOW - timedelta(days=15), closed=True)
    later = found(tx, "c", NOW - timedelta(days=1))
    sooner = found(tx, "d", NOW - timedelta(days=13))
    communes = [without, closed, later, sooner]
    counts = overviews.present_rounds(tx, [one.id for one in communes], NOW)
    assert by_need(communes, counts) == [sooner, later, closed, without]
    assert without.id not in counts
    (count,) = counts[sooner.id]
    assert (count.reports_in, count.expected, count.open) == (0, 2, True)


def test_an_open_round_is_shown_before_a_newer_one_that_is_closed(tx):
    commune = found(tx, "a", NOW - timedelta(days=1), closed=True)
    (before,) = overviews.present_rounds(tx, [commune.id], NOW)[commune.id]
    assert not before.open
    opened = open_round(tx, commune.id, "Kỳ 2", NOW - timedelta(days=2))
    (present,) = overviews.present_rounds(tx, [commune.id], NOW)[commune.id]
    assert present.round_id == opened.id


def test_two_open_rounds_are_listed_below_their_commune(tx):
    busy = found(tx, "a", NOW - timedelta(days=1))
    second = shipped_text("phu-tho-2024").replace('id = "phu-tho-2024"', 'id = "khac"')
    opens, end = NOW - timedelta(days=2), NOW + timedelta(days=1)
    rounds.open_round(tx, busy.id, "Kỳ 2", "khac", second, None, opens, end, end, NOW)
    other = found(tx, "b", NOW - timedelta(days=12))
    counts = overviews.present_rounds(tx, [busy.id, other.id], NOW)
    assert by_need([other, busy], counts) == [busy, other]
    text = all_communes(everywhere(tx)).text
    assert "• <b>Xã a</b>:\n   Kỳ 1 · Xã thông minh: đạt 0/13 · 0/2 báo cáo · còn 14 ngày" in text
    assert "\n   Kỳ 2 · Xã thông minh: đạt 0/13 · 0/2 báo cáo · còn 1 ngày" in text


def test_many_communes_are_shown_on_pages(tx):
    for number in range(12):
        found(tx, f"c{number:03}", NOW)
    screen = all_communes(replace(everywhere(tx), page=1))
    buttons = [button.label for row in screen.rows for button in row]
    assert len(buttons) == 8
    assert buttons[5:] == ["◀ Trang trước", "Trang sau ▶", "🏠 Về đầu"]
    assert "Xã c005</b>: đạt 0/13 · 0/2 báo cáo · còn 15 ngày" in screen.text
    nobody = all_communes(looking(tx))
    assert "Chưa có xã nào" in nobody.text
