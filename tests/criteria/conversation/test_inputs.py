"""The kinds of input that a typed text can be."""

import pytest

from criteria.conversation.inputs import inputs_of
from criteria.conversation.moves import Move, move_of
from criteria.reading import read


@pytest.mark.parametrize(
    ("text", "sure", "possible"),
    [
        ("1", "agreement digit number yes_no", ""), (" 2 ", "agreement digit number yes_no", ""),
        ("3", "digit number", ""), ("9", "digit number", ""),
        ("12", "number", ""), ("350/400", "number", ""), ("ba trăm", "number", ""),
        ("có", "agreement yes_no", ""), ("không", "agreement number yes_no", ""), ("chưa có", "number yes_no", ""),
        ("đúng", "agreement", "yes_no"), ("Đúng rồi ạ!", "agreement", "yes_no"),
        ("ok", "agreement", "yes_no"), ("bỏ qua", "number yes_no", ""),
        ("chưa biết", "number yes_no", ""), ("như kỳ trước", "number yes_no", ""),
        ("quay lại", "", ""), ("gửi", "", ""), ("https://xa.vn/anh", "link", ""),
        ("xem http://a.vn/1 nhé", "link", ""), ("http://a", "", ""), ("đẹp quá", "", ""),
        ("", "", ""),
    ],
)  # fmt: skip
def test_the_kinds_of_input_that_a_text_can_be(text, sure, possible):
    found = inputs_of(text)
    assert (sorted(found.sure), sorted(found.possible)) == (sure.split(), possible.split())


@pytest.mark.parametrize(
    ("text", "kind", "move"),
    [
        ("bỏ qua", "ratio", Move("skip")), ("sửa câu 3: 5/6", "ratio", Move("edit", number=3, text="5/6")),
        ("vướng mắc: sóng yếu", "ratio", Move("difficulty", text="sóng yếu")),
        ("xyz", "ratio", Move("unclear", reason="not_understood")),
        ("hơn 300", "ratio", Move("unclear", reason="vague")),
    ],
)  # fmt: skip
def test_a_reading_makes_a_move(text, kind, move):
    assert move_of(read(text, kind)) == move


def test_a_value_is_clear_unless_it_must_be_confirmed():
    sure, unsure = (move_of(read(text, "ratio")) for text in ("350/400", "khoảng 300"))
    assert (sure.does, sure.clear, sure.reason) == ("give", True, None)
    assert (unsure.does, unsure.value) in {("give", 300), ("unclear", None)}
    nobody = move_of(read("0/0", "ratio"))
    assert (nobody.does, nobody.clear, nobody.reason) == ("give", False, "not_applicable")
