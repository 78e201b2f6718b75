"""Tokens of signed URLs: valid until they expire; nobody can make, change or read them."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from bot.signed_urls.signing import NAME_BYTES, read_token, token_of

KEY, NAME = b"k" * 32, bytes(range(NAME_BYTES))
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
UNTIL = NOW + timedelta(minutes=15)
TOKEN = token_of(KEY, NAME, UNTIL)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def test_a_token_can_be_read_any_number_of_times_until_it_expires():
    for moment in (NOW, NOW, UNTIL - timedelta(seconds=1)):
        assert read_token(KEY, TOKEN, moment) == NAME
    assert read_token(KEY, TOKEN, UNTIL) == "expired"
    assert read_token(KEY, TOKEN, UNTIL + timedelta(days=400)) == "expired"


def test_no_character_of_a_token_can_be_changed():
    for place, letter in enumerate(TOKEN):
        for other in LETTERS:
            if other != letter:
                altered = TOKEN[:place] + other + TOKEN[place + 1 :]
                assert read_token(KEY, altered, NOW) == "forged"


@pytest.mark.parametrize(
    "token",
    ["", "x", TOKEN[:-1], TOKEN + "A", TOKEN + "=", TOKEN[::-1], TOKEN.lower(), "é" * 52, "A" * 52,
     TOKEN.replace(TOKEN[0], " ", 1), f"../{TOKEN}", TOKEN + "\n"],
)  # fmt: skip
def test_an_unsigned_text_is_forged(token):
    assert read_token(KEY, token, NOW) == "forged"


def test_a_token_with_another_key_or_a_longer_life_is_forged():
    assert read_token(b"another", TOKEN, NOW) == "forged"
    raw = bytearray(base64.urlsafe_b64decode(TOKEN))
    raw[NAME_BYTES + 1] += 1
    longer = base64.urlsafe_b64encode(bytes(raw)).decode()
    assert read_token(KEY, longer, NOW) == "forged"


def test_a_name_of_another_length_is_a_bug():
    with pytest.raises(ValueError, match="16 bytes"):
        token_of(KEY, b"short", UNTIL)
