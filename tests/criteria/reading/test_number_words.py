import importlib.util
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from criteria.answers import Ratio
from criteria.reading import Reading, read
from criteria.reading.words.folding import plain

_spec = importlib.util.spec_from_file_location(
    "number_speech", Path(__file__).with_name("number_speech.py")
)
number_speech = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(number_speech)
Manner, in_words = number_speech.Manner, number_speech.in_words

manners = st.builds(
    Manner,
    odd=st.sampled_from(["linh", "lẻ"]),
    thousand=st.sampled_from(["nghìn", "ngàn"]),
    four=st.sampled_from(["tư", "bốn"]),
    five=st.sampled_from(["lăm", "nhăm"]),
)


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 99_999), manners)
def test_a_spoken_number_is_read_back(number, manner):
    assert read(in_words(number, manner), "count") == Reading("value", value=number)


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 99_999), manners)
def test_a_spoken_number_without_marks_is_read_back_or_confirmed(number, manner):
    reading = read(plain(in_words(number, manner)), "count")
    assert reading.value == number
    assert reading.outcome in {"value", "confirm"}


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 9_999), st.integers(0, 9_999), manners)
def test_a_spoken_share_is_read_back(part, rest, manner):
    text = f"{in_words(part, manner)} trên {in_words(part + rest, manner)}"
    assert read(text, "ratio") == Reading("value", value=Ratio(part, part + rest))


def test_every_number_that_an_area_can_have():
    wrong = [n for n in range(1, 2_001) if read(in_words(n, Manner()), "count").value != n]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("ba trăm hai", 320), ("ba trăm sáu bảy", 367), ("ba trăm hai tư", 324), ("hai nghìn ba", 2300),
        ("một nghìn hai mươi", 1020), ("chín mươi chín nghìn chín trăm chín mươi chín", 99_999),
        ("một vạn", 10_000), ("vạn hai", 12_000), ("trăm rưỡi", 150), ("hai chục rưỡi", 25),
        ("một nghìn hai trăm rưỡi", 1250), ("12 nghìn", 12_000), ("1 nghìn 50", 1050),
    ],
)  # fmt: skip
def test_short_forms_of_numbers(text, number):
    assert read(text, "count").value == number


@pytest.mark.parametrize(
    "text", ["ba rưỡi", "trăm nghìn", "một triệu hai", "mươi", "ba trăm nghìn"]
)
def test_these_texts_are_not_counts(text):
    assert read(text, "count").outcome == "ask"
