"""A whole report in one message: labelled examples, and random ones in the styles of people."""

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from criteria.answers import Ratio, YesNo
from criteria.reading import All
from criteria.reading.whole_report import ReportQuestion, is_whole_report, questions_of, read_report
from criteria.reading.words.folding import plain
from criteria.sets.set_file import parse_criteria, shipped_text

HERE = Path(__file__).parent
LETTER = parse_criteria(shipped_text("phu-tho-2024"), "phu-tho-2024.toml")
AREA = questions_of(LETTER, office=False)
OFFICE = questions_of(LETTER, office=True)
MARKS = {"value": "=", "confirm": "~", "ask": "?"}


def labelled():
    """The messages of reports.txt, each with the line that says how it is read.

    "3=yes" is a value, "2~all" must be confirmed, "1?" is asked; "|" separates alternatives.
    """
    found, lines = [], []
    for line in (HERE / "reports.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("→ "):
            found.append(("\n".join(lines).strip("\n"), line[2:]))
            lines = []
        else:
            lines.append(line)
    return found


def read_as(text, questions=AREA):
    reading = read_report(text, questions)
    answers = {one.number: MARKS[one.outcome] + one.text_form for one in reading.answers}
    return reading, answers


def test_labelled_reports():
    for text, expected in labelled():
        check(text, expected)


def check(text, expected):
    outcomes, *words = expected.split()
    options = dict(word.split("=", 1) for word in words if word[0].isalpha())
    reading, answers = read_as(text)
    assert reading.outcome in outcomes.split("|"), text
    assert str(reading.rest) in options.get("rest", "None").split("|"), text
    if reading.outcome != "report" and ("|" in outcomes or not answers):
        return  # the conversation shows which single answer it is
    wanted = {}
    for word in words:
        if word[0].isdigit():
            number = word[: len(word) - len(word.lstrip("0123456789"))]
            wanted[int(number)] = word[len(number) :].split("|")
    assert str(reading.command) in options.get("cmd", "None").split("|"), text
    assert set(answers) == set(wanted), text
    for number, got in answers.items():
        assert got in wanted[number], (text, number)


def test_an_answer_to_one_question_is_not_a_report():
    with (HERE / "everyday_replies.csv").open(encoding="utf-8", newline="") as file:
        replies = [next(iter(row.values())) for row in csv.DictReader(file)]
    assert [text for text in replies if is_whole_report(text, AREA)] == []


def test_each_answer_is_what_the_reader_of_one_reply_gives():
    text = "câu 1 350/400, câu 2 đủ cả, câu 3 có, câu 5 chưa biết, câu 6 không có đối tượng"
    reading = read_report(text, AREA)
    assert [one.content for one in reading.answers] == [
        Ratio(350, 400), All(), YesNo(yes=True), "unknown", Ratio(0, 0),
    ]  # fmt: skip
    assert reading.answer(1).text == "350/400"
    assert reading.answer(4) is None


@pytest.mark.parametrize(
    ("text", "number", "reason"),
    [
        ("câu 1: có, câu 3: có", 1, "number_expected"),
        ("câu 3: 5/7, câu 4: có", 3, "yes_no_expected"),
        ("câu 3: 1, câu 4: có", 3, "yes_no_expected"),
        ("câu 1: 400/350, câu 3: có", 1, "over_total"),
        ("câu 1: hơn 300, câu 3: có", 1, "vague"),
        ("câu 1: chắc: 350/400\ncâu 3: có", 1, "approximate"),
        ("điện thoại 350/400, cán bộ 9/9, nhầm điện thoại: 360/400", 1, "corrected"),
        ("câu thứ mười: có, câu thứ nhất: 350/400", 10, "no_such_question"),
        ("câu 3: chắc: có\ncâu 4: có", 3, "hedged"),
        ("câu 1 thêm 5 người, câu 3 có", 1, "arithmetic"),
        ("câu 9: có, câu 3: có", 9, "no_such_question"),
        ("câu 1:\ncâu 3: có", 1, "no_answer"),
        ("như cũ trừ câu 7", 7, "no_answer"),
        ("câu 3 có, câu 4 có, câu 3 chưa", 3, "two_answers"),
        ("câu 1 và câu 2 350/400", 2, "several_questions"),
        ("câu 7 có đi lắp camera, câu 3 có", 7, "another_name"),
        ("câu 1: 350/400, à nhầm câu 1: 360/400, câu 3 có", 1, "corrected"),
    ],
)
def test_an_unclear_answer_has_a_reason(text, number, reason):
    answer = read_report(text, AREA).answer(number)
    assert (answer.outcome == "value", answer.reason) == (False, reason)


def test_question_numbers_may_be_words():
    text = "câu thứ nhất 350/400, câu thứ hai 9/9, câu thứ ba có, câu thứ tư chưa"
    assert read_as(text)[1] == {1: "=350/400", 2: "=9/9", 3: "=yes", 4: "=no"}


def test_the_office_has_its_own_numbers_and_names():
    reading, answers = read_as(
        "câu 1 20/20, hồ sơ 75/100, một cửa có, tuyên truyền có, trạm y tế chưa, câu 6 có", OFFICE
    )
    assert reading.outcome == "report"
    assert answers == {1: "=20/20", 2: "=75/100", 3: "=yes", 4: "=yes", 5: "=no", 6: "=yes"}
    assert read_as("CQ1: 75/100, CQ2: có", OFFICE)[1] == {2: "=75/100", 3: "=yes"}


def test_any_set_can_be_read_by_its_own_names():
    clean = parse_criteria((HERE.parents[1] / "xa-sach-2026.toml").read_text("utf-8"), "set")
    questions = questions_of(clean, office=False)
    assert read_as("hộ phân loại rác 40/55, tổ tự quản có rồi", questions)[1] == {
        1: "=40/55",
        2: "=yes",
    }
    assert read_as("RA1 40/55; RA2 chưa", questions)[1] == {1: "=40/55", 2: "=no"}
    assert read_as("40/55, có", questions)[1] == {1: "~40/55", 2: "~yes"}


def test_a_count_without_a_total_stays_a_count():
    questions = [
        ReportQuestion(1, "A1", "count", ("hộ nghèo",)), ReportQuestion(2, "A2", "yes_no", ("nhà văn hóa",)),
    ]  # fmt: skip
    assert read_as("hộ nghèo 12, nhà văn hoá chưa có", questions)[1] == {1: "=12", 2: "=no"}


def test_a_name_that_two_questions_share_names_neither():
    questions = [
        ReportQuestion(1, "A1", "yes_no", ("loa",)),
        ReportQuestion(2, "A2", "yes_no", ("loa",)),
    ]
    assert read_as("loa có, câu 2 có", questions)[1] == {2: "=yes"}


def test_a_text_longer_than_a_message_is_not_a_report():
    assert read_report("câu 3 có, câu 4 có, " * 300, AREA).outcome == "single"


# --- random reports, in the styles of people

counts = st.tuples(st.integers(0, 2000), st.integers(0, 2000)).filter(any).map(sorted)
shares = counts.map(lambda pair: (f"{pair[0]}/{pair[1]}", f"={pair[0]}/{pair[1]}"))
numbers = st.integers(10, 999).map(lambda n: (str(n), f"={n}"))
yes_or_no = st.sampled_from(
    [("có", "=yes"), ("chưa", "=no"), ("có rồi", "=yes"), ("chưa có", "=no"), ("Có ạ", "=yes")]
)
standing = st.sampled_from([("chưa biết", "=unknown"), ("để sau", "=skip"), ("như cũ", "=same")])
NAMES = {
    1: "điện thoại", 2: "cán bộ", 3: "tổ công nghệ", 4: "nhóm zalo", 5: "tài khoản",
    6: "cửa hàng", 7: "htx", 8: "camera",
}  # fmt: skip
BY_NUMBER = {
    "câu": ("câu {n}: {a}", ", "), "câu, lines": ("Câu {n}: {a}", "\n"),
    "câu, nothing between": ("câu {n} {a}", " "), "c": ("c{n} {a}", ", "), "C:": ("C{n}: {a}", "; "),
    "slash": ("{n}/ {a}", "\n"), "point": ("{n}. {a}", "\n"), "bracket": ("{n}) {a}", "\n"),
    "brackets": ("({n}) {a}", " "), "colon": ("{n}: {a}", ", "), "dash": ("{n} - {a}", "\n"),
    "keycap": ("{n}\ufe0f\u20e3 {a}", " "), "cells": ("{n}\t{a}", "\n"), "equals": ("{n}={a}", "\n"),
    "là": ("câu {n} là {a}", ", "), "bullets": ("- Câu {n}: {a}", "\n"), "code": ("{code}: {a}", ", "),
    "upper": ("CÂU {n}: {a}", "\n"), "arrow": ("Câu {n} → {a}", "\n"), "of": ("Câu {n}/8: {a}", "\n"),
}  # fmt: skip
OPENINGS = [
    "", "Dạ em báo cáo bác: ", "Em gửi anh số liệu khu 5 kỳ 11/2026: ", "Khu 7 báo cáo\n",
    "Chào chị, em Hùng tổ 3 ạ. ", "Kính gửi UBND xã\nNgày 25/11/2026\n", "Nhà em số 3, ngõ 4. ",
]  # fmt: skip
CLOSINGS = [
    "", " ạ", ". Em cảm ơn bác", "\nCó gì bác gọi em 0912345678", "\nNgười báo cáo: Nguyễn Văn Bình",
    ", hết ạ", "\nsđt 0388 123 456", ". Em chào bác", "\nTrưởng khu\nĐỗ Thị Lan",
]  # fmt: skip


@st.composite
def said(draw, questions=AREA, bare=False):
    """Answers to some of the questions, in any order, each with its reading."""
    chosen = draw(st.lists(st.sampled_from(questions), min_size=2, max_size=8, unique=True))
    found = []
    for question in chosen:
        fits = yes_or_no if question.kind == "yes_no" else (shares | numbers if bare else shares)
        found.append((question, *draw(fits | standing)))
    return found


def expected_of(found):
    zero = {"=0/0": "~none"}
    return {q.number: zero.get(reading, reading) for q, _, reading in found}


@settings(max_examples=300, deadline=None)
@given(said(), st.sampled_from(sorted(BY_NUMBER)), st.sampled_from(OPENINGS),
       st.sampled_from(CLOSINGS), st.booleans())  # fmt: skip
def test_every_style_of_numbers_reads_back(found, style, opening, closing, unmarked):
    form, between = BY_NUMBER[style]
    parts = [form.format(n=q.number, code=q.code, a=answer) for q, answer, _ in found]
    text = opening + between.join(parts) + closing
    _, answers = read_as(plain(text) if unmarked and style != "keycap" else text)
    assert answers == expected_of(found), text


@settings(max_examples=200, deadline=None)
@given(said(), st.sampled_from([(", ", "{n} {a}"), ("\n", "{n}: {a}"), ("; ", "{a} {n}")]),
       st.sampled_from(OPENINGS[:4]))  # fmt: skip
def test_every_style_of_names_reads_back(found, style, opening):
    between, form = style
    text = opening + between.join(form.format(n=NAMES[q.number], a=a) for q, a, _ in found)
    _, answers = read_as(text)
    wanted = expected_of(found)
    assert set(answers) <= set(wanted), text
    for number, got in answers.items():
        assert got == wanted[number] or got[0] != "=", text


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(["\n", ", ", "; ", " - ", " | "]))
def test_a_full_row_of_answers_is_confirmed_and_a_shorter_one_is_asked_about(data, between):
    row = [data.draw(yes_or_no if q.kind == "yes_no" else shares) for q in AREA]
    text = between.join(answer for answer, _ in row)
    reading, answers = read_as(text)
    assert reading.outcome == "report"
    zero = {"~0/0": "~none"}
    assert answers == {
        n: zero.get("~" + said[1:], "~" + said[1:]) for n, (_, said) in enumerate(row, start=1)
    }
    shorter = between.join(answer for answer, _ in row[: data.draw(st.integers(2, 7))])
    reading, answers = read_as(shorter)
    assert reading.outcome in {"ask", "single"}
    assert not answers


# Sentences with numbers and answers that belong to no question.
ASIDE = [
    "em ở khu 3", "hôm nay ngày 25/11", "em Bảy đây ạ", "khu 4 có 3 tổ liên gia", "sđt em 0912345678",
    "số nhà 5", "8h em họp", "kỳ 11/2026", "em 62 tuổi rồi", "nhà có 5 người", "cảm ơn 2 bác",
    "xã mình có 12 khu", "tháng 7 vừa rồi em ốm", "con em học lớp 3", "5/11/2026", "12.5",
    "1.234/1.500", "còn 50 chưa có", "tăng 10 so với kỳ trước", "3 nhà", "họp 4 lần", "có 7 hộ",
    "kỳ trước 340/400", "8 không có máy", "tổ 3 và tổ 4", "bác Ba có rồi", "nhưng 2 cái hỏng",
]  # fmt: skip
PAUSES = [", ", "\n", ". ", "; ", " "]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(ASIDE), st.sampled_from(PAUSES)), min_size=1, max_size=7))
def test_a_text_that_names_no_question_gives_no_value(sentences):
    text = "".join(sentence + pause for sentence, pause in sentences)
    reading = read_report(text, AREA)
    assert [one for one in reading.answers if one.outcome == "value"] == [], text


@settings(max_examples=400, deadline=None)
@given(said(bare=True), st.sampled_from(["câu {n}: {a}", "c{n} {a}", "{n}/ {a}", "{name} {a}"]),
       st.lists(st.tuples(st.integers(0, 8), st.sampled_from(ASIDE)), max_size=3),
       st.lists(st.sampled_from(PAUSES), min_size=11, max_size=11))  # fmt: skip
def test_a_remark_never_becomes_the_value_of_another_question(found, style, asides, pauses):
    parts = [style.format(n=q.number, a=a, name=NAMES[q.number]) for q, a, _ in found]
    for place, aside in asides:
        parts.insert(min(place, len(parts)), aside)
    text = "".join(part + pause for part, pause in zip(parts, pauses, strict=False))
    _, answers = read_as(text)
    wanted = expected_of(found)
    for number, got in answers.items():
        assert got[0] != "=" or got == wanted.get(number), text


@pytest.mark.parametrize(("text", "answers"), [
    ("1/ 10, em ở khu 3, 6/ 2/2", {1: "=10", 6: "=2/2"}),  # the 6 is no further area
    ("1. 10, số nhà 5, 6. 2/2", {1: "=10", 6: "=2/2"}),
    ("1/ 10, ở khu 3, 8/ có", {1: "=10", 8: "=yes"}),
    ("1/ 10, / 2/2", {}),  # a share is never the mark of a question
    ("1/ 10, khu 3, 6 thì 2/2", {}),
    ("tài khoản 250, xã mình có 12 khu cửa hàng 8", {5: "=250"}),  # numbers on both sides: asked
])  # fmt: skip
def test_a_number_after_a_remark_is_the_mark_of_its_own_question(text, answers):
    _, found = read_as(text)
    assert {number: got for number, got in found.items() if got[0] == "="} == answers


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="câu1234589/0 ,.:;-\n()hưagôtàkhnệđiộ|?", max_size=80))
def test_no_text_makes_the_reading_fail(text):
    read_report(text, AREA)


def test_the_time_grows_linearly_with_the_length():
    for piece in (
        "câu 1 350/400, ",
        "điện thoại ",
        "3,4 ",
        "trừ câu 3 và ",
        "còn lại ",
        "à nhầm ",
        "(",
    ):
        begun = time.process_time()
        read_report((piece * 4096)[:4096], AREA)
        assert time.process_time() - begun < 3, piece
