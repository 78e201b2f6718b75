"""Names and telephone numbers in texts: what is masked, what people must decide, what stays."""

import unicodedata

import pytest

from storage.masking import possible_mentions, without, without_name, without_phones

NAME = "Trần Thị Bưởi"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Trần Thị Bưởi làm rồi", "… làm rồi"),
        ("hỏi TRẦN THỊ BƯỞI nhé", "hỏi … nhé"),
        ("hoi tran  thi buoi nhe", "hoi … nhe"),
        ("xin cô Bưởi xem lại", "xin … xem lại"),
        ("Cô Thị Bưởi, bác Trần Thị Bưởi", "…, …"),
        ("đồng chí Bưởi báo", "… báo"),
        ("co Buoi chua gui", "… chua gui"),
        ("hai quả bưởi", "hai quả bưởi"),
        ("bà bưởi", "bà bưởi"),
        ("Bưởi", "Bưởi"),
        ("cô Bưởii", "cô Bưởii"),
        ("Trần Thị Bưởng", "Trần Thị Bưởng"),
        ("trận thi buổi", "trận thi buổi"),
    ],
)
def test_the_full_name_and_the_given_name_after_a_kinship_word_are_masked(text, masked):
    assert without_name(text, NAME) == masked
    apart = unicodedata.normalize("NFD", text)
    assert unicodedata.normalize("NFC", without_name(apart, NAME)) == masked


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Lê An", "xin mọi người an tâm, lễ ăn hỏi, le an hoi"),
        ("Đỗ Thị Bình", "khu bình thường, anh bình tĩnh"),
        ("Yên", "Yên Kiện, xin cô yên tâm, Yên"),
        ("An", "An"),
        ("An", ""),
    ],
)
def test_words_that_can_also_be_names_are_left(name, text):
    assert without_name(text, name) == text


def test_a_name_that_stands_alone_is_shown_to_people():
    text = "Hỏi Bưởi, không thì bà bưởi; hai quả bưởi, BUOI"
    assert [text[a:b] for a, b in possible_mentions(text, NAME)] == ["Bưởi", "bưởi", "BUOI"]
    assert possible_mentions(text, "") == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("gọi 0912 345 678 nhé", "gọi … nhé"),
        ("+84912345678", "…"),
        ("0912.345.678", "…"),
        ("350/400, 1.234 người, 85,5 %", "350/400, 1.234 người, 85,5 %"),
        ("hạn 05.12.2026 lúc 17:00", "hạn 05.12.2026 lúc 17:00"),
    ],
)
def test_telephone_numbers_are_masked(text, kept):
    assert without_phones(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("01234567", "01234567"), ("012345678", "…"), ("01234567890", "…"),
        ("012345678901", "012345678901"), ("8412345678", "…"), ("84123456789012", "84123456789012"),
        ("x0912345678", "x0912345678"), ("0912345678x", "0912345678x"), ("1.0912345678", "1.0912345678"),
        ("0912-345-678, 0987 654 321", "…, …"),
    ],
)  # fmt: skip
def test_a_telephone_number_has_nine_to_eleven_digits_and_stands_alone(text, kept):
    assert without_phones(text) == kept


@pytest.mark.parametrize(
    ("text", "name", "masked"),
    [
        ("gặp Lê An rồi", "Lê An", "gặp … rồi"), ("gặp le an rồi", "Lê An", "gặp le an rồi"),
        ("gặp le thi an rồi", "Lê Thị An", "gặp … rồi"), ("Lê", "Lê", "Lê"),
        ("cô Trần Thị Bưởi Trần Thị Bưởi", "Trần Thị Bưởi", "… …"),
        ("bác An và anh An", "Lê An", "… và …"), ("", "Lê An", ""), ("bác An", "", "bác An"),
        ("đồng chí Lê An, đ/c An", "Lê An", "…, …"), ("bác an", "Lê An", "bác an"),
    ],
)  # fmt: skip
def test_a_name_of_two_words_needs_its_marks_and_one_of_three_does_not(text, name, masked):
    assert without_name(text, name) == masked


def test_only_whole_words_are_masked():
    words = ("Tư", None, "", "@tu_1", "123")
    assert without("Tư, bác Tưởng @tu_1 x@tu_1 123 1234 0912345678", words) == (
        "…, bác Tưởng … x@tu_1 … 1234 …"
    )


def test_a_lower_case_name_after_a_kinship_word_is_shown():
    text = "cô an, an tâm, An, cô  an"
    assert [text[a:b] for a, b in possible_mentions(text, "Lê An")] == ["an", "An", "an"]
    assert possible_mentions(text, "Lê An")[0] == (3, 5)
