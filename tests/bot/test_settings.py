"""Settings: right values are read, each wrong value is named in one sentence."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.settings import Settings, SettingsError, load

TOKEN = "123456789:" + "AbC-dEf_" * 4 + "xyz"
NAMES = [name.upper() for name in Settings.model_fields]
PAGE = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_the_defaults_are_as_documented():
    settings = load()
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert settings.database_url.get_secret_value() == ("sqlite+aiosqlite:///data/smart-commune.db")
    assert settings.timezone == ZoneInfo("Asia/Ho_Chi_Minh")
    assert settings.data_dir == Path("data")
    assert settings.operator_ids == frozenset()
    assert settings.address is None


def test_the_page_lists_every_setting_and_no_other():
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == NAMES


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_setting_counts_as_not_set(monkeypatch, name, empty):
    monkeypatch.setenv(name, empty)
    assert load() == Settings(_env_file=None)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("TELEGRAM_BOT_TOKEN", "abc"),
        ("TELEGRAM_BOT_TOKEN", "123:not a token"),
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("TELEGRAM_API_URL", "http://host:99999"),
        ("TELEGRAM_PROXY_URL", "ftp://x"),
        ("TELEGRAM_PROXY_URL", "socks5://"),
        ("DATABASE_URL", "mysql://root:geheim@host/db"),
        ("DATABASE_URL", "data.db"),
        ("DATABASE_URL", "sqlite+aiosqlite://"),
        ("DATABASE_URL", "sqlite+aiosqlite:///"),
        ("DATABASE_URL", "postgresql+asyncpg://bot:ge[heim/geheim@host/db"),
        ("DATABASE_URL", "postgresql+asyncpg://bot:geheim@host:port/db"),
        ("TIMEZONE", "Hanoi"),
        ("TIMEZONE", "../etc/passwd"),
        ("OPERATOR_IDS", "12,x"),
        ("WEBHOOK_URL", "http://example.org/hook"),
        ("WEBHOOK_URL", "example.org"),
        ("WEBHOOK_SECRET", "has spaces"),
        ("PUBLIC_URL", "http://example.org"),
        ("PUBLIC_URL", "https://example.org/?a=1"),
        ("PUBLIC_URL", "https://me:geheim@example.org"),
        ("PUBLIC_URL", "example.org"),
        ("LISTEN", "8080"),
        ("LISTEN", "127.0.0.1:http"),
        ("LISTEN", "127.0.0.1:70000"),
        ("FORWARDED_ALLOW_IPS", "proxy"),
        ("FORWARDED_ALLOW_IPS", "10.0.0.1,"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(monkeypatch, name, wrong):
    monkeypatch.setenv(name, wrong)
    with pytest.raises(SettingsError) as caught:
        load()
    sentence = str(caught.value)
    assert sentence.startswith(name)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "geheim" not in sentence


def test_an_unreadable_env_file_is_one_sentence(tmp_path, monkeypatch):
    env = tmp_path / ".env"
    env.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match=r"The file \.env can't be read: it must be text"):
        load()
    env.write_text("LOG_LEVEL=INFO")

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied", ".env")

    monkeypatch.setattr("pydantic_settings.sources.providers.dotenv.dotenv_values", refuse)
    with pytest.raises(SettingsError, match=r"The file \.env can't be read; it must belong to"):
        load()


def test_a_missing_token_is_one_sentence_when_it_is_needed():
    with pytest.raises(SettingsError, match="TELEGRAM_BOT_TOKEN is not set"):
        _ = load().token


def test_the_env_file_is_read_and_the_environment_wins(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text(
        f"TELEGRAM_BOT_TOKEN={TOKEN}\nLOG_LEVEL=debug\nOPERATOR_IDS=7, 8,\nSOMETHING_ELSE=1\n"
        "LISTEN=\n"
    )
    monkeypatch.setenv("LOG_LEVEL", "warning")
    settings = load()
    assert settings.token == TOKEN
    assert settings.log_level == "WARNING"
    assert settings.operator_ids == {"7", "8"}


def test_no_secret_is_printed():
    settings = load(
        telegram_bot_token=TOKEN,
        webhook_secret="hush-hush",
        telegram_proxy_url="socks5://me:pass-word@proxy:1080",
        database_url="postgresql+asyncpg://u:geheim@h/d",
    )
    for secret in (TOKEN, "hush-hush", "pass-word", "geheim"):
        assert secret not in repr(settings)
        assert secret in settings.secrets() or any(secret in s for s in settings.secrets())


def test_a_webhook_has_a_default_address_and_a_secret():
    settings = load(telegram_bot_token=TOKEN, webhook_url="https://example.org/hook/")
    assert settings.webhook_url == "https://example.org/hook"
    assert settings.address == ("127.0.0.1", 8080)
    assert settings.secret == settings.secret
    assert len(settings.secret) >= 32


def test_a_public_address_also_listens_and_may_be_this_machine():
    settings = load(public_url="https://example.org/xa/")
    assert settings.public_url == "https://example.org/xa"
    assert settings.address == ("127.0.0.1", 8080)
    assert load(public_url="http://127.0.0.1:8080").public_url == "http://127.0.0.1:8080"


def test_listen_accepts_ipv6():
    assert load(listen="[::1]:9000").address == ("::1", 9000)
