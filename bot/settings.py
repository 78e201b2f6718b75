"""Settings from the environment and `.env`; the only module that reads them.

An empty value counts as not set. An error is one sentence that names the setting.
"""

import hashlib
import ipaddress
import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError as SourceError

from bot.language import gettext as _

TELEGRAM = "https://api.telegram.org"
ZALO = "https://bot-api.zaloplatforms.com"
PROXY_SCHEMES = ("http", "https", "socks5", "socks5h", "socks4")
DATABASE_DRIVERS = ("sqlite+aiosqlite", "postgresql+asyncpg")
ENV_FILE = ".env"  # in the folder in which the program is started
ENCODING = "utf-8-sig"  # Windows' editor may put a byte order mark first
DEFAULT_LISTEN = "127.0.0.1:8080"  # for a webhook or public pages without LISTEN
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")  # for trying it out


class SettingsError(Exception):
    """A setting is wrong; the message is one sentence that names it."""


class Settings(BaseSettings):
    """All settings, validated; printing them shows stars for secrets."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE, env_file_encoding=ENCODING, extra="ignore", frozen=True
    )

    telegram_bot_token: SecretStr | None = None
    telegram_api_url: str = TELEGRAM
    telegram_proxy_url: SecretStr | None = None
    zalo_api_url: str = ZALO
    database_url: SecretStr = SecretStr("sqlite+aiosqlite:///data/smart-commune.db")
    data_dir: Path = Path("data")
    timezone: ZoneInfo = ZoneInfo("Asia/Ho_Chi_Minh")
    operator_ids: Annotated[frozenset[str], NoDecode] = frozenset()
    alarm_bot_token: SecretStr | None = None
    keep_evidence_months: Annotated[int, Field(ge=1, le=600)] = 24
    keep_rounds_years: Annotated[int, Field(ge=1, le=100)] = 10
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    public_url: str | None = None
    listen: Annotated[tuple[str, int] | None, NoDecode] = None
    forwarded_allow_ips: str = "127.0.0.1,::1"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    log_format: Literal["console", "json"] = "console"

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, values: dict[str, Any]) -> dict[str, Any]:
        trimmed = {k: v.strip() if isinstance(v, str) else v for k, v in values.items()}
        return {key: value for key, value in trimmed.items() if value != ""}

    @field_validator("telegram_bot_token", "alarm_bot_token")
    @classmethod
    def _token(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"\d+:[\w-]{3,}", value.get_secret_value(), re.ASCII):
            raise ValueError(_("doesn't look like a bot token; @BotFather gives one (123456:ABC…)"))
        return value

    @field_validator("telegram_api_url", "webhook_url", "zalo_api_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        _check_address(value, ("http", "https"))
        return value.rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _public(cls, value: str | None) -> str | None:
        if value is None:
            return None
        _check_address(value, ("http", "https"))
        parts = urlsplit(value)
        if parts.scheme == "http" and parts.hostname not in LOCAL_HOSTS:
            raise ValueError(_("must begin with https://; messengers read no other"))
        if parts.query or parts.fragment or parts.username:
            raise ValueError(_("must be a host and perhaps a path, such as https://bot.example.vn"))
        return value.rstrip("/")

    @field_validator("telegram_proxy_url")
    @classmethod
    def _proxy(cls, value: SecretStr | None) -> SecretStr | None:
        if value:
            _check_address(value.get_secret_value(), PROXY_SCHEMES)
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: SecretStr) -> SecretStr:
        check_database(value.get_secret_value())
        return value

    @field_validator("timezone", mode="before")
    @classmethod
    def _zone(cls, value: object) -> ZoneInfo:
        if isinstance(value, ZoneInfo):
            return value
        try:
            return ZoneInfo(str(value))
        except (OSError, KeyError, ValueError) as error:  # unknown, or not a name at all
            raise ValueError(_("must be a time zone's name such as Asia/Ho_Chi_Minh")) from error

    @field_validator("operator_ids", mode="before")
    @classmethod
    def _operators(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        ids = [part.strip() for part in value.split(",") if part.strip()]
        if not all(re.fullmatch(r"\d+|[a-z][a-z0-9-]*:[\w-]+", part, re.ASCII) for part in ids):
            raise ValueError(
                _("must be Telegram ids, numbers with commas between (of another bot: name:id)")
            )
        return frozenset(ids)

    @field_validator("webhook_secret")
    @classmethod
    def _secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"[\w-]{1,256}", value.get_secret_value(), re.ASCII):
            raise ValueError(_("must be 1 to 256 letters, digits, _ and -"))
        return value

    @field_validator("listen", mode="before")
    @classmethod
    def _listen(cls, value: object) -> object:
        return _host_and_port(value) if isinstance(value, str) else value

    @field_validator("forwarded_allow_ips")
    @classmethod
    def _proxies(cls, value: str) -> str:
        for one in value.split(","):
            try:
                ipaddress.ip_network(one.strip() if value != "*" else "::/0")
            except ValueError as error:
                raise ValueError(
                    _("must be addresses or networks with commas between, or * for any")
                ) from error
        return value

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _any_case(cls, value: object, info: ValidationInfo) -> object:
        if not isinstance(value, str):
            return value
        return value.upper() if info.field_name == "log_level" else value.lower()

    @model_validator(mode="after")
    def _webhook_is_safe(self) -> "Settings":
        plain = self.webhook_url is not None and not self.webhook_url.startswith("https://")
        if plain and self.telegram_api_url == TELEGRAM:
            raise ValueError(_("WEBHOOK_URL must begin with https://; Telegram takes no other."))
        return self

    @property
    def token(self) -> str:
        """The bot token; SettingsError without one."""
        if self.telegram_bot_token is None:
            raise SettingsError(
                _(
                    "TELEGRAM_BOT_TOKEN is not set; get a token from @BotFather, or try `demo`, "
                    "which needs none."
                )
            )
        return self.telegram_bot_token.get_secret_value()

    @property
    def by_webhook(self) -> bool:
        """Whether all bots use webhooks, so that several workers can run."""
        if self.telegram_bot_token is not None:
            return self.webhook_url is not None
        return self.public_url is not None

    @property
    def proxy(self) -> str | None:
        """The proxy's address, or None."""
        return self.telegram_proxy_url.get_secret_value() if self.telegram_proxy_url else None

    @property
    def rounds_kept(self) -> timedelta:
        """The time after a round's close for which people's names and texts are stored."""
        return timedelta(days=365.25) * self.keep_rounds_years

    @property
    def database_file(self) -> Path | None:
        """SQLite's file; None for a database server."""
        driver, _, rest = self.database_url.get_secret_value().partition(":///")
        return Path(rest.partition("?")[0]) if driver.startswith("sqlite") else None

    @property
    def address(self) -> tuple[str, int] | None:
        """The host and port to listen on; None without a webhook, public pages and LISTEN."""
        if self.listen is None and (self.webhook_url or self.public_url):
            return _host_and_port(DEFAULT_LISTEN)
        return self.listen

    @property
    def secret(self) -> str:
        """The secret that each webhook call contains; derived from the token unless it is set."""
        if self.webhook_secret:
            return self.webhook_secret.get_secret_value()
        return hashlib.sha256(f"webhook of {self.token}".encode()).hexdigest()

    def secrets(self) -> tuple[str, ...]:
        """Return every string that must never be printed."""
        secrets = [
            self.telegram_bot_token, self.alarm_bot_token, self.webhook_secret,
            self.telegram_proxy_url,
        ]  # fmt: skip
        values = [secret.get_secret_value() for secret in secrets if secret]
        addresses = [
            self.database_url.get_secret_value(), self.proxy or "", self.telegram_api_url,
            self.webhook_url or "",
        ]  # fmt: skip
        # The passwords, not the addresses: log lines may contain an address in another form.
        passwords = [urlsplit(address).password for address in addresses]
        return (*values, *(password for password in passwords if password))


def load(**overrides: object) -> Settings:
    """Load the settings; overrides are for tests and the demo."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # names as in the class
    except ValidationError as error:
        raise SettingsError(
            _sentence(error)
        ) from None  # pydantic's own text contains the values, also secrets
    except (SourceError, UnicodeDecodeError):
        raise SettingsError(_("The file .env can't be read: it must be text in UTF-8.")) from None
    except PermissionError:
        raise SettingsError(
            _("The file .env can't be read; it must belong to the user who runs the program.")
        ) from None


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    message = first["msg"].removeprefix("Value error, ")
    if not first["loc"]:
        return message
    name = str(first["loc"][0]).upper()
    if first["type"] == "literal_error":
        message = _("must be {expected}", expected=first["ctx"]["expected"])
    return f"{name} {message[0].lower()}{message[1:]}."


def check_database(address: str) -> None:
    """Raise a ValueError with a sentence when a database's address is wrong."""
    driver, separator, rest = address.partition("://")
    if driver not in DATABASE_DRIVERS or not separator:
        raise ValueError(
            _(
                "must begin with {schemes}",
                schemes=_(" or ").join(f"{d}://" for d in DATABASE_DRIVERS),
            )
        )
    if driver.startswith("sqlite"):
        if not rest.removeprefix("/"):
            raise ValueError(_("must name a file, for example sqlite+aiosqlite:///data/file.db"))
        return
    try:
        urlsplit(address).port  # noqa: B018 - raises ValueError for an invalid port
    except ValueError as error:
        raise ValueError(
            _("can't be read; in a password / is written %2F, @ %40, : %3A, [ %5B and % %25")
        ) from error


def _check_address(value: str, schemes: tuple[str, ...]) -> None:
    wanted = _(
        "must be an address that begins with {schemes}",
        schemes=", ".join(f"{s}://" for s in schemes),
    )
    try:
        parts = urlsplit(value)
        port = parts.port  # raises ValueError for an invalid port
    except ValueError as error:
        raise ValueError(wanted) from error
    if parts.scheme not in schemes or not parts.hostname or port == 0:
        raise ValueError(wanted)


def _host_and_port(value: str) -> tuple[str, int]:
    host, _colon, port = value.rpartition(":")
    if not re.fullmatch(r"\d{1,5}", port, re.ASCII) or int(port) > 65535 or not host:
        raise ValueError(_("must be host:port, for example 127.0.0.1:8080"))
    return host.strip("[]"), int(port)
