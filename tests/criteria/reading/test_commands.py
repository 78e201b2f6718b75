"""Command words with the text around them, and texts that only look like commands."""

import pytest

from criteria.reading import read


@pytest.mark.parametrize(
    ("text", "command", "question", "reply"),
    [
        ("sửa tổng số 412", "fix_total", None, "412"), ("sửa tổng số: 412", "fix_total", None, "412"),
        ("sửa tổng số thành 412", "fix_total", None, "412"), ("sửa tổng số nhé", "fix_total", None, None),
        ("tổng số sai", "fix_total", None, None), ("vướng mắc: 2 hộ", "difficulty", None, "2 hộ"),
        ("vướng mắc - sóng yếu", "difficulty", None, "sóng yếu"), ("vướng mắc", "difficulty", None, None),
        ("em vướng mắc: sóng yếu ạ", "difficulty", None, "sóng yếu ạ"),
        ("sửa câu 3 có", "edit", 3, "có"), ("câu ba: có", "edit", 3, "có"), ("câu 3", "edit", 3, None),
        ("sửa 3", "edit", 3, None), ("câu 3 sửa thành 5", "edit", 3, "5"), ("câu 3 sửa", "edit", 3, None),
        ("sửa lại", "edit", None, None), ("câu hỏi 3: 5", "edit", 3, "5"), ("câu số ba: 5", "edit", 3, "5"),
        ("câu 3, 4/5", "edit", 3, "4/5"), ("câu 3 = 4", "edit", 3, "4"), ("câu 3 → 4", "edit", 3, "4"),
        ("câu 3 -4", "edit", 3, "-4"), ("câu 3 - 4", "edit", 3, "4"),
    ],
)  # fmt: skip
def test_a_command_is_read_with_its_object(text, command, question, reply):
    reading = read(text, "ratio")
    assert (reading.command, reading.question, reading.reply) == (command, question, reply)


@pytest.mark.parametrize(
    "text",
    ["vướng mắc 2 hộ", "vướng mắc sóng yếu", "về 3", "sửa thành 3", "sửa là 3", "sửa lại câu",
     "sửa câu ba trăm", "sửa câu 3.5", "sửa 3 / 4", "sửa 3 trên 4", "no"],
)  # fmt: skip
def test_these_texts_are_not_commands(text):
    assert read(text, "ratio").command is None


@pytest.mark.parametrize(
    ("text", "of_number", "of_yes_no"),
    [
        ("trước", "back", None), ("bỏ", "cancel", None), ("sai", "undo", "undo"),
        ("huỷ", "cancel", "cancel"), ("huỷ rồi", None, None), ("hỗ trợ", "help", "help"),
        ("đã đi hỗ trợ", None, None), ("xong", "done", "done"), ("xong rồi", "done", "done"),
        ("hoàn thành rồi", "done", None), ("thôi", "cancel", "cancel"),
        ("vẫn vậy thôi", "same", "same"), ("như cũ thôi", "same", "same"),
        ("như kỳ trước", "same", "same"), ("gửi luôn", "send", "send"), ("bỏ qua nhé", "skip", "skip"),
        ("để sau ạ", "skip", "skip"), ("quay lại câu trước", "back", "back"),
        ("chưa biết ạ", "unknown", "unknown"), ("hoàn tác", "undo", "undo"), ("nhầm", "undo", "undo"),
    ],
)  # fmt: skip
def test_a_word_that_answers_a_yes_no_question_is_not_a_command_there(text, of_number, of_yes_no):
    assert read(text, "ratio").command == of_number
    assert read(text, "yes_no").command == of_yes_no
