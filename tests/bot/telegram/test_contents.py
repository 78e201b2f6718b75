"""The text of rich messages: a pasted list or table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.contents import text_of_blocks
from bot.telegram.updates import decode


def paragraph(text):
    return {"type": "paragraph", "text": text}


def item(label, *texts):
    return {"label": label, "blocks": [paragraph(text) for text in texts]}


def row(*texts):
    return [{"text": text, "align": "left", "valign": "top"} for text in texts]


BOLD = {"type": "bold", "text": ["350", {"type": "italic", "text": "/400"}]}


@pytest.mark.parametrize(
    ("blocks", "text"),
    [
        ([paragraph("350/400")], "350/400"),
        ([paragraph(["có ", BOLD, " người"])], "có 350/400 người"),
        ([paragraph("một"), {"type": "divider"}, paragraph("hai")], "một\nhai"),
        (
            [{"type": "list", "items": [item("1.", "350/400"), item("2.", "có", "thêm")]}],
            "1. 350/400\n2. có\nthêm",
        ),
        (
            [{"type": "table", "cells": [row("1", BOLD), row("Câu", "khu", "12/12"), row("x")]}],
            "1: 350/400\nCâu: khu, 12/12\nx",
        ),
        (
            [{"type": "details", "summary": "tóm", "blocks": [paragraph("tắt")], "is_open": True}],
            "tóm\ntắt",
        ),
        ([{"type": "blockquote", "blocks": [paragraph("a")], "credit": "b"}], "a\nb"),
        ([{"type": "photo", "photo": [], "caption": {"text": "ảnh"}}], "ảnh"),
        ([{"type": "table", "cells": [row("1", "2")], "caption": "bảng"}], "1: 2\nbảng"),
        ([{"type": "mathematical_expression", "expression": "1+1"}], "1+1"),
        ([{"type": "map", "location": {"latitude": 1, "longitude": 2}}], ""),
        ([], ""),
    ],
)
def test_each_item_and_each_row_is_a_line(blocks, text):
    assert text_of_blocks({"blocks": blocks}) == text


def test_deeply_nested_blocks_are_cut():
    block = paragraph("x")
    for _ in range(5000):
        block = {"type": "blockquote", "blocks": [block]}
    assert text_of_blocks({"blocks": [block]}) == ""


ANYTHING = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["text", "items", "cells", "blocks", "caption"]), inner)
    ),
    max_leaves=20,
)


@given(ANYTHING)
def test_any_message_gives_a_text(message):
    assert isinstance(text_of_blocks(message), str)


def test_an_edited_list_is_read_as_an_edit():
    message = {
        "message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"},
        "from": {"id": 7, "first_name": "Lan"},
        "rich_message": {"blocks": [paragraph("360/400")]},
    }  # fmt: skip
    incoming = decode({"update_id": 1, "edited_message": message}).incoming
    assert (incoming.kind, incoming.text) == ("edit", "360/400")
