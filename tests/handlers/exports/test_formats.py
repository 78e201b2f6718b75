"""The registry of formats: unique names, existing captions and extras, the page made from it."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from handlers.exports.formats import FORMATS, formats_for, make, register
from handlers.texts import LANGUAGES, plain, texts_of
from tests.handlers.exports.made_up import register_plain_text
from tests.screens import formats as page


@pytest.mark.parametrize("one", FORMATS.values(), ids=list(FORMATS))
def test_the_caption_words_and_extra_of_a_format_exist(one):
    assert all(texts_of(language).has(one.button) for language in LANGUAGES)
    assert all(plain(word) == word for word in (one.name, *one.words))
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert one.extra is None or one.extra in project["optional-dependencies"]


@pytest.mark.parametrize("changes", [{}, {"name": "excel"}, {"name": "xls"}])
def test_a_name_or_word_of_another_format_is_refused(changes):
    known = dict(FORMATS)
    with pytest.raises(ValueError, match="xlsx"):
        register(replace(FORMATS["xlsx"], **changes))
    assert known == FORMATS


def test_the_page_lists_every_format():
    text = page.PAGE.read_text(encoding="utf-8")
    assert page.with_formats(text) == text, "run `make screens`"


def test_a_new_format_is_registered_offered_and_documented(monkeypatch, material, tmp_path):
    register_plain_text(monkeypatch, for_leaders=False)
    (file,) = make("txt", material, texts_of("vi"), tmp_path, tmp_path)
    assert file.name == "ban-chu_hung-lo_thang-11-2026.txt"
    assert file.read_text(encoding="utf-8") == "Xã Hùng Lô: 4/13\n"
    assert "txt" in {one.name for one in formats_for(everything=True)}
    assert "txt" not in {one.name for one in formats_for(everything=False)}
    row = "| `txt` | the result as plain text | officers, operators |\n"
    assert row in page.with_formats(page.PAGE.read_text(encoding="utf-8"))
