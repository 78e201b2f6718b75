"""Edge cases of reading numbers: the largest, the last digit of each place, dates and times."""

import csv
from pathlib import Path

import pytest

from criteria.reading import explain, read, read_confirmation
from criteria.reading.words.number_vocabulary import AFTER_TEN, DIGITS


def said(text, kind):
    """The outcome, the value or command, and the reason, if there are any."""
    reading = read(text, kind)
    parts = (reading.outcome, reading.text_form, reading.reason)
    return " ".join(part for part in parts if part)


def rows():
    with Path(__file__).with_name("edges.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def test_replies_at_the_edge_of_a_rule():
    assert [(*row, said(*row[:2])) for row in rows() if said(*row[:2]) != row[2]] == []


@pytest.mark.parametrize(
    ("word", "digit"),
    [
        ("một", 1), ("hai", 2), ("ba", 3), ("bốn", 4), ("sáu", 6), ("bảy", 7), ("bẩy", 7),
        ("tám", 8), ("chín", 9), ("mốt", 1), ("tư", 4), ("lăm", 5), ("nhăm", 5), ("dăm", 5),
    ],
)  # fmt: skip
def test_every_digit_word_after_a_ten(word, digit):
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
def test_replies_of_digits_or_emojis_alone(text, kind, expected):
    assert said(text, kind) == expected


@pytest.mark.parametrize(
    ("text", "question", "reply"),
    [
        ("sửa câu 1", 1, None), ("sửa câu 30", 30, None), ("câu 30: 5/6", 30, "5/6"),
        ("sửa câu ba mươi", 30, None), ("câu 2 sửa thành -5", 2, "-5"), ("sửa câu 2 - 5", 2, "5"),
        ("câu 3 có", 3, "có"), ("câu số 2 là 350", 2, "350"),
    ],
)  # fmt: skip
def test_a_question_named_by_its_number(text, question, reply):
    reading = read(text, "ratio")
    assert (reading.command, reading.question, reading.reply) == ("edit", question, reply)


@pytest.mark.parametrize(
    "text", ["sửa câu 0", "sửa câu 31", "câu 1 khó quá", "câu 31: 5/6", "sửa 3/4"]
)
def test_texts_that_name_no_question(text):
    assert read(text, "ratio").command is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("1", "yes"), ("2", "no"), ("3", None), ("12", None), ("1 2", None), ("k", "no"),
        ("ch", "no"), ("đúng à", None), ("đúng, đúng", "yes"), ("sai, sai", "no"),
        ("sai không", None), ("không sai", "yes"), ("không nhầm", None), ("dạ vâng", "yes"),
        ("👍", "yes"), ("👎", "no"), ("👍👎", None), ("đúng?", None), ("dạ", "yes"),
        ("0", "no"), ("0 biết", None), ("k biết", None), ("k sai", "yes"), ("k phải", "no"),
        ("0 đúng", None), ("ch biết", None),
    ],
)  # fmt: skip
def test_replies_at_the_edge_of_a_confirmation(text, answer):
    assert read_confirmation(text) == answer


def test_a_reply_may_have_six_hundred_characters_and_no_more():
    for length, reason, answer in ((600, "not_understood", "yes"), (601, "too_long", None)):
        assert read("x" * length, "count").reason == reason
        assert read_confirmation(("đúng " * 200)[:length].ljust(length)) == answer


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("ba trăm năm mươi người có", "count",
         "ba trăm năm mươi=number người=unit:person có=have"),
        ("Khu 5: 350/400 ạ", "ratio", "Khu 5=area :=: 350=number /=/ 400=number ạ=polite"),
        ("1 234 người", "count", "1 234=number người=unit:person"),
        ("một nghìn, hai trăm người", "count", "một nghìn, hai trăm=number người=unit:person"),
        ("nhà bác Ba 12", "count", "nhà=unit:household bác=vocative Ba=name 12=number"),
        ("khu em có nhóm zalo rồi ạ", "yes_no",
         "khu em=area có=have nhóm zalo=thing rồi=done ạ=polite"),
        ("em có 2 nhóm, chưa dùng", "yes_no",
         "em=vocative có=have 2=number nhóm=thing ,=stop chưa=not dùng=use"),
        ("bỏ qua", "ratio", ""), ("", "ratio", ""),
    ],
)  # fmt: skip
def test_the_explanation_gives_each_word_its_part_of_speech(text, kind, words):
    found = explain(text, kind).words
    assert " ".join(f"{word}={part}" for word, part in found) == words
