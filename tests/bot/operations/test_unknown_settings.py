"""Unknown names in .env are reported with the intended setting, and never with their values."""

import pytest

from bot.operations import unknown_settings
from bot.settings import load

SECRET = "1234567:geheim-token-of-somebody-here-12345"


@pytest.fixture
def env(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path / ".env"


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("TELEGRAM_TOKEN", "TELEGRAM_BOT_TOKEN"), ("BOT_TOKEN", "TELEGRAM_BOT_TOKEN"),
        ("DATABASE_URI", "DATABASE_URL"), ("OPERATOR_ID", "OPERATOR_IDS"),
        ("LOG_LEVL", "LOG_LEVEL"), ("TIME_ZONE", "TIMEZONE"), ("HTTP_PROXY", "TELEGRAM_PROXY_URL"),
        ("export log_fromat", "LOG_FORMAT"),
    ],
)  # fmt: skip
def test_a_mistyped_setting_is_named_with_the_intended_one(env, name, nearest):
    env.write_text(f"{name}={SECRET}\n")
    assert unknown_settings.unknown_settings() == {name.removeprefix("export ").upper(): nearest}


@pytest.mark.parametrize(
    "line",
    [
        "telegram_bot_token=123:abc", "TELEGRAM_BOT_TOKEN=", "POSTGRES_PASSWORD=x", "TZ=x",
        "# TELEGRAM_TOKEN=x", SECRET, "TOKEN", "PROXY PROXY", "",
    ],
)  # fmt: skip
def test_known_settings_and_those_of_other_programs_are_not_named(env, line):
    env.write_text(f"{line}\n")
    assert unknown_settings.unknown_settings() == {}


def test_without_the_file_no_setting_is_named(env):
    assert unknown_settings.unknown_settings() == {}


def test_a_byte_order_mark_of_windows_hides_no_setting(env):
    env.write_bytes(b"\xef\xbb\xbfTELEGRAM_BOT_TOKEN=" + SECRET.encode())
    assert load().token == SECRET
    assert unknown_settings.unknown_settings() == {}
