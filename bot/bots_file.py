"""DATA_DIR/bots.toml: the bots beside Telegram's, with their tokens.

Only the program's own user may read it, and no backup holds it: whoever restores one adds the bots
again.
"""

import os
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from bot.language import gettext as _
from bot.language import later
from bot.service.exit_error import ExitError

FILE = "bots.toml"
_HEAD = (
    "# Bots beside Telegram's; `smart-commune bot add` writes it. It holds their tokens: it is\n"
    "# in no backup, and only the program's own user may read it.\n"
)
_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}", re.ASCII)
_TOKEN = re.compile(r"[\x21-\x7e]{8,256}", re.ASCII)


def _name(value: str) -> str:
    if not _NAME.fullmatch(value) or value in {"telegram", "terminal"}:
        raise ValueError(later("must be small letters, digits and -, and not telegram or terminal"))
    return value


def _token(value: SecretStr) -> SecretStr:
    if not _TOKEN.fullmatch(value.get_secret_value()):
        raise ValueError(later("doesn't look like a bot's token; Zalo Bot Creator shows it"))
    return value


class BotEntry(BaseModel):
    """One bot. The plan: messages a month, and people; Zalo's free one unless it says more."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, AfterValidator(_name)]
    messenger: Literal["zalo"]
    commune: str
    token: Annotated[SecretStr, AfterValidator(_token)]
    messages_a_month: Annotated[int, Field(ge=1)] = 3000
    people: Annotated[int, Field(ge=1)] = 50


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    bots: tuple[BotEntry, ...] = ()


def load_bots(data_dir: Path) -> tuple[BotEntry, ...]:
    """The bots of the file, in its order; none without one. ExitError when it can't be read."""
    file = data_dir / FILE
    try:
        read = _File.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ExitError(f"{file}: {where}: {first['msg']}.") from None  # not with the token
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ExitError(
            _("{file} can't be read ({reason}).", file=file, reason=type(error).__name__)
        ) from None
    names = [one.name for one in read.bots]
    if len(set(names)) != len(names):
        raise ExitError(_("{file}: two bots have the same name.", file=file))
    tokens = {one.token.get_secret_value() for one in read.bots}
    if len(tokens) != len(names):
        raise ExitError(_("{file}: two bots have the same token.", file=file))
    return read.bots


def save_bots(data_dir: Path, bots: Sequence[BotEntry]) -> None:
    """Write the file, which appears whole or not at all, for its owner only."""
    file = data_dir / FILE
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = file.with_name(f".{FILE}.new")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(_HEAD + "".join(_text(one) for one in bots))
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(file)


def _text(bot: BotEntry) -> str:
    return (
        f'\n[[bots]]\nname = "{bot.name}"\nmessenger = "{bot.messenger}"\n'
        f"commune = {_quoted(bot.commune)}\ntoken = {_quoted(bot.token.get_secret_value())}\n"
        f"messages_a_month = {bot.messages_a_month}\npeople = {bot.people}\n"
    )


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
