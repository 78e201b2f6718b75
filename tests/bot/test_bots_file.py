"""DATA_DIR/bots.toml: written for its owner only, read strictly, and never with a token in an error."""

import pytest
from pydantic import SecretStr, ValidationError

from bot.bots_file import FILE, BotEntry, load_bots, save_bots
from bot.service.exit_error import ExitError

TOKEN = "1459232241454765289:very-secret"


def entry(name="zalo-doi-che", token=TOKEN, **more):
    return BotEntry(name=name, messenger="zalo", commune="đồi-chè", token=SecretStr(token), **more)


def test_what_is_written_is_read_again(tmp_path):
    assert load_bots(tmp_path) == ()
    bots = (entry(), entry("zalo-2", 'a"b\\c-token', messages_a_month=10, people=7))
    save_bots(tmp_path, bots)
    assert load_bots(tmp_path) == bots
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize(
    "text",
    [
        f'[[bots]]\nname = "Zalo"\nmessenger = "zalo"\ncommune = "a"\ntoken = "{TOKEN}"\n',
        f'[[bots]]\nname = "telegram"\nmessenger = "zalo"\ncommune = "a"\ntoken = "{TOKEN}"\n',
        f'[[bots]]\nname = "z"\nmessenger = "viber"\ncommune = "a"\ntoken = "{TOKEN}"\n',
        f'[[bots]]\nname = "z"\nmessenger = "zalo"\ncommune = "a"\ntoken = "{TOKEN} "\n',
        f'token = "{TOKEN}"\n',
        f"token = {TOKEN}\n",
    ],
)
def test_a_wrong_file_is_one_sentence_without_the_token(tmp_path, text):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(ExitError) as refused:
        load_bots(tmp_path)
    assert FILE in str(refused.value)
    assert "very-secret" not in str(refused.value)


def test_two_bots_have_neither_the_same_name_nor_the_same_token(tmp_path):
    for bots in ((entry(), entry(token="another-token")), (entry(), entry("zalo-2"))):
        save_bots(tmp_path, bots)
        with pytest.raises(ExitError, match="the same"):
            load_bots(tmp_path)


def test_a_token_prints_as_stars():
    assert "very-secret" not in repr(entry())
    with pytest.raises(ValidationError):
        entry(token="short")
