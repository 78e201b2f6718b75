"""DATA_DIR/bots.toml: written for its owner only, read strictly, and never with a token in an error."""

import os

import pytest
from pydantic import SecretStr, ValidationError

from bot.bots_file import FILE, BotEntry, load_bots, save_bots, usable_bots
from bot.operations.check import bots as check_bots
from bot.service.exit_error import ExitError
from storage.secret_key import derived_key

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


def test_one_entry_with_a_mistake_ends_no_other_bot(tmp_path):
    good, wrong = entry(), entry("zalo-2", token="another-token")
    save_bots(tmp_path, (wrong, good))
    file = tmp_path / FILE
    text = file.read_text().replace('messenger = "zalo"', 'messenger = "viber"', 1)
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    bots, why = usable_bots(tmp_path)
    assert bots == (good,)
    assert [FILE in one and "bots.0.messenger" in one for one in why] == [True]
    assert "another-token" not in why[0]
    with pytest.raises(ExitError):  # a command that writes the file would lose the entry
        load_bots(tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can")
def test_what_root_writes_belongs_to_the_folder_s_user(tmp_path):
    os.chown(tmp_path, 65534, 65534)
    save_bots(tmp_path, (entry(),))
    assert (tmp_path / FILE).stat().st_uid == 65534
    derived_key(tmp_path, "a test")
    assert (tmp_path / "secret.key").stat().st_uid == 65534


@pytest.mark.parametrize("text", ["[[bots]", '[[bots]]\nname = "z"\n', "token = 7\n"])
async def test_telegram_runs_and_operators_are_told_when_the_file_is_broken(deployment, log, text):
    folder = deployment.settings.data_dir
    folder.mkdir()
    (folder / FILE).write_text(text)
    operator = deployment.phone("Sở")
    deployment.settings = deployment.settings.model_copy(
        update={"operator_ids": frozenset({str(operator.id)})}
    )
    async with deployment.running():
        await operator.send("/start")
        await operator.press("✅")
    async with deployment.running():
        await deployment.quiet()
        assert "trong tệp bots.toml có chỗ sai" in operator.screen
    assert "bot left aside" in log.getvalue()
    found = await check_bots.bots(deployment.settings)
    assert [one.ok for one in found] == [False]
    deployment.settings = deployment.settings.model_copy(update={"telegram_bot_token": None})
    with pytest.raises(ExitError, match=FILE):
        async with deployment.running():
            pass
