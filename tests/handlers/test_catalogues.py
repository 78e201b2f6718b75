"""The catalogues: complete in both languages, same placeholders, HTML that Telegram accepts."""

import re
import string
from html.parser import HTMLParser
from pathlib import Path

import pytest

from handlers.texts import LANGUAGES, ON_PAGE, WITHOUT_BUTTONS, texts_of

SOURCES = [*Path("handlers").rglob("*.py"), *Path("bot").rglob("*.py")]
USED = re.compile(r"""\bsay\(\s*f?"([a-z_.0-9]+)(\{?)""")
KEYS_BY_LANGUAGE = {language: set(texts_of(language).entries) for language in LANGUAGES}
KEYS = sorted(KEYS_BY_LANGUAGE["vi"])


def test_both_languages_have_the_same_texts():
    assert KEYS_BY_LANGUAGE["vi"] == KEYS_BY_LANGUAGE["en"]


def test_every_text_that_the_code_uses_exists():
    missing = set()
    for source in SOURCES:
        for key, opened in USED.findall(source.read_text()):
            known = any(k.startswith(key) for k in KEYS) if opened else key in KEYS
            if not known:
                missing.add((source.name, key))
    assert not missing


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_placeholders_agree():
    vi, en = (texts_of(language).entries for language in ("vi", "en"))
    assert not [key for key in KEYS if placeholders(vi[key]) != placeholders(en[key])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_singular_and_plural_have_the_same_placeholders(language):
    texts = texts_of(language)
    for key, text in texts.singular.items():
        assert placeholders(text) == placeholders(texts.entries[key]), key


def test_a_count_of_one_uses_the_singular():
    texts = texts_of("en")
    assert texts.say("invites.uses", count=1) == "1 person"
    assert texts.say("invites.uses", count=2) == "2 people"
    assert texts_of("vi").say("invites.uses", count=1) == "1 người"


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        assert tag in {"b", "i", "u", "s", "code", "pre", "a", "blockquote"}
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_is_balanced(language):
    for key, text in texts_of(language).entries.items():
        parser = _Tags()
        try:
            parser.feed(text)
            parser.close()
        except (AssertionError, IndexError):
            pytest.fail(f"{key}: {text}")
        assert not parser.open, key


def test_vietnamese_has_no_pronoun_for_the_person():
    pronoun = re.compile(r"\b(bạn|anh|chị|bác|quý vị|mày|tôi)\b")
    texts = texts_of("vi").entries
    assert not {key: text for key, text in texts.items() if pronoun.search(text.lower())}


def test_vietnamese_has_no_english_word_where_a_plain_one_exists():
    """Names of products and formats (Telegram, Zalo, Excel, QR …) are allowed."""
    words = r"bot|file|link|click|button|menu|admin|user|app|email|online|offline|report|status|ok"
    assert not _with_words(words, texts_of("vi").entries)


def test_vietnamese_uses_one_word_for_one_thing():
    """The words are ví dụ, bấm, nhắn and bộ chỉ tiêu, not thí dụ, chạm, gõ and bộ tiêu chí."""
    assert not _with_words("thí dụ|chạm|gõ|tiêu chí", texts_of("vi").entries)
    assert not [key for key, text in texts_of("vi").entries.items() if "«" in text or '"' in text]


BUTTON_WORDS = {"vi": "bấm|nút|ấn|nhấn", "en": r"press\w*|buttons?|tap\w*|click\w*"}
# Printed, under the address of a messenger that has buttons; `handlers.joining.sheet_document` says when.
ON_PAPER_FOR_BUTTONS = {"sheet.step2", "sheet.step3"}
# The pages of the board, on a computer.
IN_A_BROWSER = ("board.", "desk.")
IN_THE_CHAT = {"board.opened", "board.ticket", "board.hint", "board.closed"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_speaks_of_buttons_where_there_are_none(language):
    texts = texts_of(language, buttons=False)
    spoken = {**texts.entries, **{f"{key}, one": text for key, text in texts.singular.items()}}
    found = set(_with_words(BUTTON_WORDS[language], spoken))
    assert {one for one in found if not _in_a_browser(one)} == ON_PAPER_FOR_BUTTONS


def _in_a_browser(key):
    return key.endswith(ON_PAGE) or (key.startswith(IN_A_BROWSER) and key not in IN_THE_CHAT)


def test_a_second_wording_stands_beside_a_first_one():
    keys = texts_of("vi").entries
    for ending in (WITHOUT_BUTTONS, ON_PAGE):
        second = {key for key in keys if key.endswith(ending)}
        assert second
        assert {key.removesuffix(ending) for key in second} <= set(keys)


def _with_words(words, entries):
    """The texts with one of these words, outside of words to type."""
    found = re.compile(rf"\b({words})\b", re.IGNORECASE)
    typed = re.compile(r"<code>.*?</code>|\{\w+\}|/\w+")
    return {key: text for key, text in entries.items() if found.search(typed.sub("", text))}
