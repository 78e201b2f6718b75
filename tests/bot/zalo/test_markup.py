"""Screens as plain texts with choices to type."""

from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.zalo.specification import check_text
from bot.zalo.markup import LONGEST, length, render, split
from handlers.flow.asked_screen import AskedScreen
from handlers.flow.channel import Button, Screen


def buttons(*labels):
    return tuple(Button(label, data=label) for label in labels)


def test_choices_are_numbered_below_the_text_of_a_screen():
    screen = Screen("<b>Câu 1/8</b>\nKhu mình có &lt; 5 nhà không ạ?", (buttons("Có", "Chưa"),))
    assert render(screen) == ["Câu 1/8\nKhu mình có < 5 nhà không ạ?\n\n1. Có  2. Chưa"]


def test_a_screen_without_choices_is_only_its_text():
    assert render(Screen("Xin nhắn số, ví dụ <code>350/400</code>")) == [
        "Xin nhắn số, ví dụ 350/400"
    ]


def test_a_row_is_one_line_and_a_long_row_has_one_line_for_each_choice():
    rows = (buttons("Có", "Chưa"), buttons("Bỏ qua câu này để làm sau", "Xem lại các câu"))
    assert render(Screen("?", rows)) == [
        "?\n\n1. Có  2. Chưa\n3. Bỏ qua câu này để làm sau\n4. Xem lại các câu"
    ]


def test_choices_are_words_where_a_number_is_an_answer():
    screen = Screen("Bao nhiêu nhà ạ?", (buttons("🔁 Như kỳ trước", "⏭ Để sau"),))
    assert render(screen, AskedScreen(screen="ask", figures=True)) == [
        "Bao nhiêu nhà ạ?\n\n• 🔁 Như kỳ trước  • ⏭ Để sau"
    ]


def test_choices_from_the_tenth_on_are_words():
    (text,) = render(Screen("?", tuple(buttons(f"Khu {n}") for n in range(1, 13))))
    lines = text.split("\n")[2:]
    assert lines[8:] == ["9. Khu 9", "• Khu 10", "• Khu 11", "• Khu 12"]


def test_a_numbered_choice_keeps_its_number():
    rows = (buttons("1. Khu 1: sóng yếu"), buttons("◀ Về"))
    assert render(Screen("?", rows)) == ["?\n\n1. Khu 1: sóng yếu\n2. ◀ Về"]


def test_a_web_address_is_written_out_and_has_no_number():
    rows = ((Button("Bản đồ", url="https://xa.vn"),), buttons("Về"))
    assert render(Screen("?", rows)) == ["?\n\nBản đồ: https://xa.vn\n1. Về"]


def test_a_long_screen_is_several_messages_with_the_choices_in_the_last():
    text = "\n".join(f"Khu {n}: " + "x" * 90 for n in range(50))
    pieces = render(Screen(text, (buttons("Có", "Chưa"),)))
    assert len(pieces) == 3
    assert pieces[-1].endswith("\n\n1. Có  2. Chưa")
    assert all(piece.startswith("Khu ") for piece in pieces)


def test_choices_that_do_not_fit_below_the_text_are_a_separate_message():
    assert render(Screen("x" * LONGEST, (buttons("Có"),))) == ["x" * LONGEST, "1. Có"]


def test_a_screen_may_have_only_choices():
    assert render(Screen("", (buttons("Có"),))) == ["1. Có"]
    assert render(Screen("")) == []


def test_a_long_line_is_cut_between_words():
    words = " ".join(["chữ"] * 800)
    pieces = split(words)
    assert [length(piece) for piece in pieces] == [1999, 1199]
    assert " ".join(pieces) == words


def test_an_emoji_counts_as_two_characters():
    assert [length(piece) for piece in split("🏘" * 1500)] == [2000, 1000]


@given(st.text(alphabet="a 🏘\nơ", max_size=5000))
def test_zalo_accepts_every_piece_and_no_word_is_lost(text):
    pieces = split(text)
    for piece in pieces:
        check_text("text", piece)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_sign_with_its_own_number_has_no_second_one():
    rows = (buttons("✏️ 1", "✏️ 2"), buttons("✅ Khu 3", "📨 Gửi"))
    assert render(Screen("?", rows)) == ["?\n\n✏️ 1  ✏️ 2\n3. ✅ Khu 3  4. 📨 Gửi"]
