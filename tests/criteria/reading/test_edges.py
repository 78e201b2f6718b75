"""The edges of reading numbers: the largest, the last digit of each place, what is a date or a time."""

import pytest

from criteria.reading import read
from criteria.reading.number_vocabulary import AFTER_TEN, DIGITS


def said(text, kind):
    reading = read(text, kind)
    parts = (reading.outcome, reading.text_form, reading.reason)
    return " ".join(part for part in parts if part)


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("hai mươi dăm", "count", "value 25"),
        ("hai dăm", "count", "value 25"),
        ("ba trăm dăm", "count", "value 350"),
        ("99999", "count", "value 99999"),
        ("100000", "count", "ask too_large"),
        ("99.999", "count", "value 99999"),
        ("100.000", "count", "ask too_large"),
        ("99999/99999", "ratio", "value 99999/99999"),
        ("1/100000", "ratio", "ask too_large"),
        ("một hai ba bốn năm sáu", "count", "ask too_large"),
        ("một hai ba bốn năm sáu bảy", "count", "ask vague"),
        ("một hai", "count", "ask vague"),
        ("300 lẻ 5", "count", "value 305"),
        ("300 lẻ 9", "count", "value 309"),
        ("300 lẻ 10", "count", "ask not_understood"),
        ("350 lẻ 5", "count", "ask not_understood"),
        ("99900 lẻ 5", "count", "value 99905"),
        ("100000 lẻ 5", "count", "ask too_large"),
        ("0 lẻ 5", "count", "ask not_understood"),
        ("1 nghìn 5", "count", "value 1500"),
        ("1 nghìn 10", "count", "confirm 1010 odd_spelling"),
        ("1 nghìn 99", "count", "confirm 1099 odd_spelling"),
        ("1 nghìn 100", "count", "value 1100"),
        ("1 nghìn 9", "count", "value 1900"),
        ("1 vạn 5", "count", "value 15000"),
        ("1 vạn 999", "count", "confirm 10999 odd_spelling"),
        ("1 vạn 1000", "count", "value 11000"),
        ("999 nghìn", "count", "ask too_large"),
        ("99 nghìn", "count", "value 99000"),
        ("100 nghìn", "count", "ask too_large"),
        ("một nghìn lẻ chín mươi chín", "count", "value 1099"),
        ("một nghìn lẻ 99", "count", "value 1099"),
        ("một nghìn lẻ 100", "count", "ask not_understood"),
        ("2 trăm 8 bảy", "count", "confirm 287 odd_spelling"),
        ("2 trăm 9", "count", "value 290"),
        ("2 trăm 10", "count", "value 210"),
        ("2 trăm 99", "count", "value 299"),
        ("nghìn rưỡi", "count", "value 1500"),
        ("vạn rưỡi", "count", "value 15000"),
        ("ba nghìn rưỡi", "count", "value 3500"),
        ("trăm rưỡi", "count", "value 150"),
        ("ba trăm rưỡi", "count", "value 350"),
        ("chục rưỡi", "count", "value 15"),
        ("ba chục rưỡi", "count", "value 35"),
        ("nghìn mốt", "count", "value 1100"),
        ("nghìn tư", "count", "value 1400"),
        ("ba trăm tư", "count", "value 340"),
        ("trăm mốt", "count", "value 110"),
        ("vạn tư", "count", "value 14000"),
        ("nghìn hai lăm", "count", "confirm 1250 odd_spelling"),
        ("một nghìn hai mươi lăm", "count", "value 1025"),
        ("một vạn hai nghìn", "count", "value 12000"),
        ("một vạn hai", "count", "value 12000"),
        ("một vạn chín mươi chín", "count", "value 10099"),
        ("hăm mốt", "count", "value 21"),
        ("hăm chín", "count", "value 29"),
        ("băm ba", "count", "value 33"),
        ("tư mươi", "count", "confirm 40 odd_spelling"),
        ("tư chục", "count", "confirm 40 odd_spelling"),
        ("ba mười", "count", "confirm 30 odd_spelling"),
        ("ba mười lăm", "count", "confirm 35 odd_spelling"),
        ("mười năm", "count", "confirm 15 odd_spelling"),
        ("mười lăm", "count", "value 15"),
        ("mười nhăm", "count", "value 15"),
        ("mười 5", "count", "value 15"),
        ("mười 9", "count", "value 19"),
        ("7/12", "ratio", "value 7/12"),
        ("05/12", "ratio", "confirm 5/12 odd_spelling"),
        ("05/13", "ratio", "value 5/13"),
        ("12:30", "ratio", "confirm 12/30 odd_spelling"),
        ("12:59", "ratio", "confirm 12/59 odd_spelling"),
        ("12:60", "ratio", "value 12/60"),
        ("23:45", "ratio", "confirm 23/45 odd_spelling"),
        ("24:45", "ratio", "value 24/45"),
        ("3:45", "ratio", "confirm 3/45 odd_spelling"),
        ("3:4", "ratio", "value 3/4"),
        ("350.400", "ratio", "confirm 350/400 loose_pair"),
        ("350.040", "ratio", "ask too_large"),
        ("35.400", "ratio", "value 35400"),
        ("350.400", "count", "ask too_large"),
        ("007", "count", "confirm 7 odd_spelling"),
        ("07", "count", "value 7"),
        ("0", "count", "value 0"),
        ("1 234/1 300", "ratio", "value 1234/1300"),
        ("1 234", "count", "value 1234"),
        ("12 345", "count", "confirm 12345 odd_spelling"),
        ("123 456", "count", "confirm 123/456 loose_pair"),
        ("0 234", "count", "confirm 0/234 loose_pair"),
        ("20 nam 25 nữ", "ratio", "confirm 45 other_words"),
        ("99999 nam 1 nữ", "ratio", "ask too_large"),
        ("50000 nam 49999 nữ", "ratio", "confirm 99999 other_words"),
        ("350/400, còn 50 chưa có", "ratio", "confirm 350/400 loose_pair"),
        ("400 khẩu, 350 có, 50 chưa", "ratio", "confirm 350/400 swapped"),
        ("350/400, còn 51 chưa có", "ratio", "ask several_numbers"),
        ("400 trong đó 350", "ratio", "value 350/400"),
        ("400 trong đó 400", "ratio", "value 400/400"),
        ("350 trong đó 400", "ratio", "ask over_total"),
        ("trong 400 người có 350", "ratio", "value 350/400"),
        ("trong 350 có 400", "ratio", "confirm 350/400 loose_pair"),
        ("tổng 331, có 287", "ratio", "value 287/331"),
        ("có 287, tổng 331", "ratio", "value 287/331"),
        ("tổng 287 có 331", "ratio", "ask over_total"),
        ("tổng 331 có 331", "ratio", "value 331/331"),
        ("350-400", "ratio", "confirm 350/400 loose_pair"),
        ("350-400", "count", "ask range"),
        ("400-350", "ratio", "ask range"),
        ("350 400", "ratio", "confirm 350/400 loose_pair"),
        ("400 350", "ratio", "confirm 350/400 swapped"),
        ("350\n400", "ratio", "value 350/400"),
        ("400\n350", "ratio", "confirm 350/400 swapped"),
        ("khu 5: 287/331", "ratio", "value 287/331"),
        ("khu 60: 287/331", "ratio", "value 287/331"),
        ("khu 61: 287/331", "ratio", "ask several_numbers"),
        ("tháng 11/2026: 287/331", "ratio", "value 287/331"),
        ("tháng 11/1999: 5/6", "ratio", "ask several_numbers"),
        ("năm 2026: 5/6", "ratio", "value 5/6"),
        ("năm 2101: 5/6", "ratio", "ask several_numbers"),
        ("15 (mười lăm)", "count", "value 15"),
        ("350, à 360", "count", "confirm 360 other_words"),
        ("350/400 (87,5%)", "ratio", "value 350/400"),
        ("350/400 (88%)", "ratio", "value 350/400"),
        ("350/400 (87%)", "ratio", "value 350/400"),
        ("350/400 (86%)", "ratio", "confirm 350/400 percent_differs"),
        ("31/12/2026", "ratio", "ask date_or_time"),
        ("32/12/2026", "ratio", "ask several_numbers"),
        ("31/13/2026", "ratio", "ask several_numbers"),
        ("31/12/99", "ratio", "ask date_or_time"),
        ("31/12/100", "ratio", "ask several_numbers"),
        ("1/1/1900", "ratio", "ask date_or_time"),
        ("1/1/1899", "ratio", "ask several_numbers"),
        ("1/1/2100", "ratio", "ask date_or_time"),
        ("1/1/2101", "ratio", "ask several_numbers"),
        ("2026/12/31", "ratio", "ask date_or_time"),
        ("2026-12-31", "ratio", "ask date_or_time"),
        ("2026-13-31", "ratio", "ask several_numbers"),
        ("12.5.2026", "ratio", "ask decimal"),
        ("12/5-2026", "ratio", "ask several_numbers"),
        ("01234567", "count", "ask phone"),
        ("0123456", "count", "ask too_large"),
        ("012 345 678", "count", "ask phone"),
        ("012 345 67", "count", "ask several_numbers"),
        ("0912.345.678", "count", "ask phone"),
        ("8h30", "count", "ask date_or_time"),
        ("-5", "count", "ask negative"),
        ("(-5", "count", "ask negative"),
        ("/-5", "count", "ask negative"),
        ("350 -5", "count", "ask range"),
        ("350-5", "count", "ask range"),
        ("số -5", "count", "ask negative"),
        ("a -5", "count", "ask negative"),
        ("âm 5", "count", "ask negative"),
        ("5/12 zzz", "ratio", "ask not_understood"),
        ("5/13 zzz", "ratio", "confirm 5/13 other_words"),
        ("5 zzz", "ratio", "ask not_understood"),
        ("5/ zzz", "ratio", "confirm 5 odd_spelling"),
        ("5/12, zzz", "ratio", "confirm 5/12 other_words"),
        ("bác Lan 9", "count", "ask not_understood"),
        ("bác Lan 10", "count", "ask not_understood"),
        ("bác 9", "count", "confirm 9 other_words"),
        ("bác 10", "count", "value 10"),
        ("cô 12", "count", "value 12"),
        ("9 bác", "count", "value 9"),
        ("dạ có, họp chưa", "yes_no", "command help"),
        ("họp chưa, dạ có", "yes_no", "ask contradictory"),
        ("có rồi. họp chưa ạ", "yes_no", "command help"),
        ("họp chưa", "yes_no", "command help"),
        ("có ai không", "yes_no", "command help"),
        ("đã có chưa", "yes_no", "command help"),
        ("chưa họp", "yes_no", "value no"),
    ],
)
def test_numbers_at_the_edge_of_each_rule(text, kind, expected):
    assert said(text, kind) == expected


@pytest.mark.parametrize(
    ("word", "digit"),
    [
        ("một", 1), ("hai", 2), ("ba", 3), ("bốn", 4), ("sáu", 6), ("bảy", 7), ("bẩy", 7),
        ("tám", 8), ("chín", 9), ("mốt", 1), ("tư", 4), ("lăm", 5), ("nhăm", 5), ("dăm", 5),
    ],
)  # fmt: skip
def test_every_digit_behind_a_ten(word, digit):
    assert word in DIGITS or word in AFTER_TEN
    for ten, value in (("hai mươi", 20), ("ba chục", 30), ("mười", 10), ("hăm", 20), ("băm", 30)):
        assert read(f"{ten} {word}", "count").value == value + digit
    assert read(f"trăm linh {word}", "count").value == 100 + digit
    assert read(f"hai trăm {word}", "count").value == 200 + 10 * digit


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [("0", "yes_no", "confirm no short_no"), ("1", "yes_no", "value yes"), ("2", "yes_no", "value no"),
     ("3", "yes_no", "ask yes_no_expected"), ("1 2", "yes_no", "ask yes_no_expected"),
     ("👍", "yes_no", "confirm yes weak_yes"), ("👎", "yes_no", "confirm no short_no"),
     ("👍👎", "yes_no", "ask empty"), ("🌸", "yes_no", "ask empty"), ("?", "yes_no", "command help")],
)  # fmt: skip
def test_figures_and_pictures_alone(text, kind, expected):
    assert said(text, kind) == expected


@pytest.mark.parametrize(
    ("text", "question", "reply"),
    [
        ("sửa câu 1", 1, None), ("sửa câu 30", 30, None), ("câu 30: 5/6", 30, "5/6"),
        ("sửa câu ba mươi", 30, None), ("câu 2 sửa thành -5", 2, "-5"), ("sửa câu 2 - 5", 2, "5"),
        ("câu 3 có", 3, "có"), ("câu số 2 là 350", 2, "350"),
    ],
)  # fmt: skip
def test_a_question_by_its_number(text, question, reply):
    reading = read(text, "ratio")
    assert (reading.command, reading.question, reading.reply) == ("edit", question, reply)


@pytest.mark.parametrize(
    "text", ["sửa câu 0", "sửa câu 31", "câu 1 khó quá", "câu 31: 5/6", "sửa 3/4"]
)
def test_what_names_no_question(text):
    assert read(text, "ratio").command is None
