"""Careful reading: only a text that is understood completely is a value; everyday replies are."""

import csv
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from criteria.reading import Reading, explain, read, read_confirmation
from criteria.reading.words.folding import clean
from criteria.reading.words.tokens import tokenize
from criteria.reading.words.vocabulary import COMMON, section
from criteria.reading.yes_no.sentence import CAREFUL_FIRST

HERE = Path(__file__).parent
KINDS = ["ratio", "count", "yes_no"]


def rows(name):
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


EVERYDAY = rows("everyday_replies.csv")
TRICKY = rows("tricky_replies.csv")


def said(reading: Reading) -> str:
    return reading.outcome if reading.outcome == "ask" else f"{reading.outcome}:{reading.text_form}"


def test_everyday_replies_are_not_asked_twice():
    asked = [
        (row["kind"], row["text"], said(reading))
        for row in EVERYDAY
        if said(reading := read(row["text"], row["kind"])) != f"value:{row['reading']}"
    ]
    assert asked == []


def test_tricky_replies_are_read_carefully():
    """`allowed` has all acceptable readings."""
    wrong = [
        (row["kind"], row["text"], said(reading))
        for row in TRICKY
        if said(reading := read(row["text"], row["kind"])) not in row["allowed"].split()
    ]
    assert wrong == []


def test_replies_that_were_once_misread():
    """`also` has other acceptable outcomes and readings; "ask" needs no reading."""
    wrong = []
    for row in rows("replies_hard.csv"):
        reading = said(read(row["text"], row["kind"]))
        first = "ask" if row["outcome"] == "ask" else f"{row['outcome']}:{row['reading']}"
        if reading not in {first, *row["also"].split()}:
            wrong.append((row["kind"], row["text"], reading))
    assert wrong == []


def words_with_marks():
    return st.text(
        "abcdeghiklmnopqrstuvxyăâđêôơưáàảãạéèẻẽẹíìỉĩịóòỏõọúùủũụýỳ", min_size=2, max_size=9
    )


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(EVERYDAY), words_with_marks(), st.integers(0, 12))
@example({"text": "có", "kind": "yes_no"}, "zzz", 1)
@example({"text": "rồi", "kind": "yes_no"}, "zzz", 1)
@example({"text": "chưa", "kind": "yes_no"}, "zzz", 1)
@example({"text": "350/400", "kind": "ratio"}, "zzz", 1)
def test_a_reply_with_an_unknown_word_is_never_a_value(row, word, place):
    (token, *more) = tokenize(clean(f"ờ {word}"))[1:]
    assume(not more and token.kind == "word" and not token.known)
    words = row["text"].split(" ")
    words.insert(min(place, len(words)), word)
    assert read(" ".join(words), row["kind"]).outcome != "value"


NEGATIONS = ["không", "chưa", "chẳng", "chả", "ko", "khong", "chua", "k", "không có", "chưa có", "không phải",
             "làm gì có", "không ai", "chưa ai"]  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(
    st.sampled_from(EVERYDAY), st.sampled_from(NEGATIONS), st.sampled_from(NEGATIONS),
    st.integers(0, 12), st.integers(0, 12),
)  # fmt: skip
@example({"text": "có ạ", "kind": "yes_no"}, "chưa", "không", 0, 0)
@example({"text": "nhà nào có", "kind": "count"}, "không", "không", 0, 2)
def test_a_reply_with_two_negations_is_never_a_value(row, first, second, place, other):
    words = row["text"].split(" ")
    for word, at in ((first, place), (second, other)):
        words.insert(min(at, len(words)), word)
    text = " ".join(words)
    assert read(text, row["kind"]).outcome != "value" or "lần trước" in text


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["bác", "anh", "chị", "ông", "bà", "cô", "chú", "nhà bác", "cụ"]),
    st.sampled_from(["Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười"]),
    st.sampled_from(["", " ạ", " nhé", " có rồi", " báo"]),
    st.sampled_from(KINDS),
)
def test_a_kinship_word_makes_a_number_word_a_name(kin, name, behind, kind):
    assert read(f"{kin} {name}{behind}", kind).outcome != "value"


def examples_of(rules):
    for rule in rules:
        for line in (rule.__doc__ or "").splitlines():
            text, arrow, expected = line.strip().partition(" → ")
            if arrow:
                yield rule.__name__, text, expected.replace(" ", ":")


def all_rules():
    from criteria.reading.numbers import meaning, nobody, pairs, share_rules
    from criteria.reading.yes_no import hedges, yes_no_rules

    numbers = (*share_rules.REFUSALS, *share_rules.DOUBTS, nobody.without_numbers,
               pairs.two_numbers, pairs.more_numbers, meaning.one_number)  # fmt: skip
    assert hedges
    return {"yes_no": yes_no_rules.RULES, "count": numbers}


@pytest.mark.parametrize(
    ("kind", "rule", "text", "expected"),
    [(kind, *one) for kind, rules in all_rules().items() for one in examples_of(rules)],
)
def test_each_rule_decides_the_examples_it_gives(kind, rule, text, expected):
    explained = explain(text, kind)
    assert said(explained.reading) == expected
    assert rule in explained.rules


def test_each_rule_says_why_and_gives_an_example():
    rules = [rule for some in all_rules().values() for rule in some]
    with_examples = {name for name, *_ in examples_of(rules)}
    assert [r.__name__ for r in rules if r.__name__ not in with_examples] == ["long_story"]


def test_the_rules_know_every_part_of_speech():
    assert set(section("common")) == set(COMMON)
    assert set(section("yes_no")) | set(COMMON) <= set(CAREFUL_FIRST)
    assert len(CAREFUL_FIRST) == len(set(CAREFUL_FIRST))


def steps_of(work) -> int:
    """How many lines of Python run; the speed of the machine does not matter."""
    counted: Counter[str] = Counter()

    def count(frame, event, arg):
        counted[event] += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        work()
    finally:
        sys.settrace(before)
    return counted["line"]


LONG = [
    "có ",
    "ba ",
    "khu 5 ",
    "không có ai ",
    "1/",
    "không nhà nào ",
    "nhà bác Ba ",
    "à nhầm ",
    "co du an ",
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("piece", LONG)
def test_a_text_of_twice_the_length_takes_twice_the_steps(piece, kind):
    half, whole = piece * (280 // len(piece)), piece * (560 // len(piece))
    afresh = read.__wrapped__
    afresh(whole, kind)  # fill the other caches
    short = steps_of(lambda: afresh(half, kind))
    assert steps_of(lambda: afresh(whole, kind)) < 2.6 * short + 200


@pytest.mark.parametrize(
    "text",
    ["đúng", "đúng rồi ạ", "dạ đúng rồi ạ", "vâng đúng", "ừ", "ừ đúng rồi", "phải", "chuẩn", "chuẩn rồi",
     "ok", "ok rồi", "được ạ", "chính xác", "đúng bác ạ", "không sai", "không cần sửa", "đúng, lưu đi",
     "dung roi a", "ddungs rooif", "đúng ạ 👍"],
)  # fmt: skip
def test_replies_that_agree(text):
    assert read_confirmation(text) == "yes"


@pytest.mark.parametrize(
    "text",
    ["không", "không ạ", "không đúng", "không phải", "chưa đúng", "chưa đúng lắm", "sai rồi", "dạ sai ạ",
     "nhầm rồi", "không, sai rồi", "chưa đúng, sửa lại", "đúng đâu", "phải đâu", "không đâu", "em ghi nhầm",
     "cho em sửa lại", "khong dung", "k phải"],
)  # fmt: skip
def test_replies_that_deny(text):
    assert read_confirmation(text) == "no"


@pytest.mark.parametrize(
    "text",
    ["đúng là chưa", "đúng là không", "đúng chưa", "đúng không ạ", "được chưa", "ok chưa", "đúng à", "gần đúng",
     "chắc đúng", "không sửa nữa", "chưa sai", "không phải sai", "sai không", "sai à", "đúng, sai", "đúng 350",
     "không zzz", "đúng zzz", "sai thì sửa", "không biết", "cũng được", "có khách"],
)  # fmt: skip
def test_replies_that_neither_agree_nor_deny(text):
    assert read_confirmation(text) is None


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["đúng", "sai", "không", "ừ", "đúng rồi ạ"]), words_with_marks())
def test_a_confirmation_with_an_unknown_word_says_neither_yes_nor_no(answer, word):
    (token, *more) = tokenize(clean(f"ờ {word}"))[1:]
    assume(not more and token.kind == "word" and not token.known)
    assert read_confirmation(f"{answer} {word}") is None
