"""HTML as Telegram parses it."""

import pytest

from bot.simulator.formatting import find_entities, parse_html, parse_text
from bot.simulator.refusal import ApiRefusal


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("a &lt;b&gt; &amp; &#39;c&#x27; &nbsp;", "a <b> & 'c' &nbsp;", []),
        ("<b>x</b>", "x", [("bold", 0, 1)]),
        ("<STRONG>x</Strong>", "x", [("bold", 0, 1)]),
        ("😀<i>ạ</i>", "😀ạ", [("italic", 2, 1)]),
        ("<b>x<i>y</i></b>", "xy", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<b></b>x", "x", []),
        ("<b>x</>", "x", [("bold", 0, 1)]),
        ("<code>1</code><u>2</u><s>3</s>", "123",
         [("code", 0, 1), ("underline", 1, 1), ("strikethrough", 2, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("1 > 0", "1 > 0", []),
        ("<i>a</i><code><b>x</b></code>", "ax", [("italic", 0, 1), ("code", 1, 1)]),
        ("<b><pre><code>x</code></pre></b>", "x", [("pre", 0, 1), ("bold", 0, 1)]),
    ],
)  # fmt: skip
def test_tags_become_entities(source, text, entities):
    plain, found = parse_html(source)
    assert plain == text
    assert [(one["type"], one["offset"], one["length"]) for one in found] == entities


def test_links_keep_their_address_and_code_its_language():
    _, found = parse_html('<a href="https://a.vn/?x=1&amp;y=2">đây</a>')
    assert found == [
        {"offset": 0, "length": 3, "type": "text_link", "url": "https://a.vn/?x=1&y=2"}
    ]
    _, found = parse_html('<pre><code class="language-python">x</code></pre>')
    assert found == [{"offset": 0, "length": 1, "type": "pre", "language": "python"}]
    assert parse_html('<a href="nowhere">x</a>') == ("x", [])


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("<x>y</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("ạ <x>", 'Unsupported start tag "x" at byte offset 4'),
        ("1 < 2 ", 'Unsupported start tag "" at byte offset 2'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("a<b", "Unclosed start tag at byte offset 1"),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
        ('<a href="x>y</a>', "Unclosed start tag at byte offset 0"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)  # fmt: skip
def test_errors_of_formatting_are_those_of_telegram(source, complaint):
    with pytest.raises(ApiRefusal) as caught:
        parse_html(source)
    assert caught.value.description == f"Bad Request: can't parse entities: {complaint}"


def test_white_space_at_the_ends_is_removed_and_entities_are_adjusted():
    text, found = parse_text("  <b> x </b>\n", "HTML", None)
    assert (text, found) == ("x", [{"offset": 0, "length": 1, "type": "bold"}])


@pytest.mark.parametrize("mode", ["Markdown", "MarkdownV2"])
def test_markdown_is_refused_by_name(mode):
    with pytest.raises(ApiRefusal, match=mode):
        parse_text("x", mode, None)


def test_an_unknown_parse_mode_is_refused():
    with pytest.raises(ApiRefusal, match="unsupported parse_mode"):
        parse_text("x", "BBCode", None)


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("/start abc", [("bot_command", 0, 6)]),
        ("/start@smart_bot x", [("bot_command", 0, 16)]),
        ("😀 /status", [("bot_command", 3, 7)]),
        ("12/15", []),
        ("a/b", []),
        ("xem https://a.vn/b.", [("url", 4, 14)]),
        ("a@b.vn", [("email", 0, 6)]),
        ("@lan_nguyen #chuyểnđổisố", [("mention", 0, 11), ("hashtag", 12, 12)]),
        ("gọi 0912345678", [("phone_number", 4, 10)]),
        ("12.5", []),
        ("1.500", []),
    ],
)
def test_entities_are_found_in_texts_of_people(text, entities):
    found = find_entities(text, [])
    assert [(one["type"], one["offset"], one["length"]) for one in found] == entities
