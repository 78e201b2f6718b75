"""The counting method in the words that are typed with a number."""

import pytest

from criteria.reading import read_counting_method


@pytest.mark.parametrize(
    ("text", "rest", "how"),
    [
        ("350/400 theo sổ", "350/400", "books"),
        ("350, đếm từng nhà ạ", "350", "houses"),
        ("350/400 (ước lượng)", "350/400", "estimate"),
        ("sửa câu 1: 360/400 theo sổ sách", "sửa câu 1: 360/400", "books"),
        ("Theo sổ", "", "books"),
        ("số này là ước chừng", "", "estimate"),
        ("đếm từng nhà nhé", "", "houses"),
        ("340/400 from the books", "340/400", "books"),
        ("350 out of 400, counted", "350 out of 400", "houses"),
    ],
)
def test_the_counting_method_is_read(text, rest, how):
    assert read_counting_method(text) == (rest, how)


@pytest.mark.parametrize(
    "text",
    ["350/400", "chưa đếm từng nhà", "350 chưa đếm từng nhà", "như kỳ trước theo sổ", "theo số cũ",
     "có ạ", "not counted", "ước lượng 350", "sổ", ""],
)  # fmt: skip
def test_a_text_without_a_counting_method_is_left_unchanged(text):
    assert read_counting_method(text) == (text, None)
