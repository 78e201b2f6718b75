"""Reading TOML with mistakes: each is named and corrected if possible, and the rest is read."""

import tomllib

import pytest

from criteria.sets.set_file import CriteriaError, parse_criteria, shipped_text
from criteria.sets.toml_repair import read_toml

LISTS = frozenset({"groups", "indicators"})


@pytest.mark.parametrize(
    ("written", "better", "reasons"),
    [
        ("short = “Rác”", 'short = "Rác"', ["smart_quotes"]),
        ("question = “Có “nhà sạch”, “vườn” không?”",
         'question = "Có “nhà sạch”, “vườn” không?"', ["smart_quotes"]),
        ("vi = [“a”, “b” “c”]", 'vi = ["a", "b", "c"]', ["smart_quotes", "comma"]),
        ('short = "Rác', 'short = "Rác"', ["closing_quote"]),
        ('short = "Rác # ghi chú', 'short = "Rác" # ghi chú', ["closing_quote"]),
        ('vi = ["a", "b]', 'vi = ["a", "b"]', ["closing_quote"]),
        ('short = Rác"', 'short = "Rác"', ["opening_quote"]),
        ("threshold = 85 %", 'threshold = "85 %"', ["quotes"]),
        ("threshold = “85 %", 'threshold = "85 %"', ["smart_quotes", "closing_quote"]),
        ('vi = ["a" "b"]', 'vi = ["a", "b"]', ["comma"]),
        ('name = { vi = "A" en = "B" }', 'name = { vi = "A", en = "B" }', ["comma"]),
        ("age = { years = 61 months = 6 }", "age = { years = 61, months = 6 }", ["comma"]),
        ("version = 1,", "version = 1", ["extra_comma"]),
        ('short: "Rác"', 'short = "Rác"', ["equals"]),
        ('short "Rác"', 'short = "Rác"', ["equals"]),
        ("[indicators.text.vi", "[indicators.text.vi]", ["brackets"]),
        ("[[indicators]", "[[indicators]]", ["brackets"]),
        ("[groups]", "[[groups]]", ["brackets"]),
        ("[groups", "[[groups]]", ["brackets"]),
        ('vi = ["a", "b"', 'vi = ["a", "b" ]', ["brackets"]),
        ('question = "Xã có "điểm" không?"', 'question = "Xã có “điểm” không?"',
         ["quotes_inside"]),
        ('question = "Xã có\n  điểm không?"', 'question = "Xã có điểm không?"',
         ["line_broken"]),
        ('short =\u00a0"Rác"', 'short = "Rác"', ["space"]),
        ('short = "a\\d"', 'short = "a\\\\d"', ["backslash"]),
        ("bộ chỉ tiêu của xã", "# bộ chỉ tiêu của xã", ["no_value"]),
        ("id =", None, ["unreadable"]),
    ],
)  # fmt: skip
def test_a_broken_line_is_corrected(written, better, reasons):
    after = "version_after = 2"
    if written.startswith("["):
        text = f"version = 1\n{written}"
    else:
        text = f"first = 1\n{written}\n{after}"
    read = read_toml(text, LISTS)
    assert [one.reason for one in read.mistakes] == reasons
    assert {(one.line, one.written, one.better) for one in read.mistakes} == {(2, written, better)}
    if better is not None:
        tomllib.loads(better)
    assert "version_after" in read.data or written.startswith("[")


def test_a_duplicate_key_is_named_and_the_first_value_is_kept():
    read = read_toml('id = "a"\nversion = 1\nid = "b"\n[title]\nvi = "x"\n[title]\nen = "y"', LISTS)
    assert [(one.line, one.reason) for one in read.mistakes] == [(3, "double"), (6, "double")]
    assert read.data == {"id": "a", "version": 1, "title": {"vi": "x"}}


def test_mistakes_inside_a_list_have_their_own_line_numbers():
    read = read_toml('vi = [\n  "a", "b"\n  “c”, "d",\n]\nid = "x"', LISTS)
    assert [(one.line, one.better) for one in read.mistakes] == [
        (2, '  "a", "b",'), (3, '  "c", "d",')
    ]  # fmt: skip
    assert read.data == {"vi": ["a", "b", "c", "d"], "id": "x"}


def test_correct_text_is_read_unchanged():
    text = shipped_text("phu-tho-2024")
    read = read_toml(text, LISTS)
    assert (read.data, read.mistakes) == (tomllib.loads(text), ())
    lines = text.split("\n")
    line = read.line_of(("indicators", 2, "threshold"))
    assert line is not None
    assert lines[line - 1] == 'threshold = "75 %"'
    assert read.line_of(("groups", 3, "name", "en")) == read.line_of(("groups", 3, "name"))


def test_a_missing_quote_on_any_line_never_hides_another_mistake():
    text = shipped_text("phu-tho-2024").replace('threshold = "75 %"', 'threshold = "175 %"')
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.count('"') != 2 or "175" in line or "#" in line:
            continue
        broken = "\n".join(
            [*lines[:number], line[::-1].replace('"', "", 1)[::-1], *lines[number + 1 :]]
        )
        with pytest.raises(CriteriaError) as raised:
            parse_criteria(broken, "set.toml")
        told = {one.line: one for one in raised.value.problems}
        assert number + 1 in told, line
        assert told[number + 1].written == broken.split("\n")[number]
        assert told[number + 1].better == line
        assert any(one.reason.key == "share_range" for one in told.values()), line


def test_a_misspelled_key_is_not_reported_as_missing_too():
    text = shipped_text("phu-tho-2024").replace('kind = "ratio"', 'knd = "ratio"', 1)
    with pytest.raises(CriteriaError) as raised:
        parse_criteria(text, "set.toml")
    (problem,) = raised.value.problems
    assert (problem.written, problem.better) == ('knd = "ratio"', 'kind = "ratio"')
