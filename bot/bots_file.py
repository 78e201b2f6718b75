"""DATA_DIR/bots.toml: the bots in addition to Telegram's, with their tokens.

Only the program's own user may read the file. No backup contains it, so after a restore somebody
must add the bots again.
"""

import os
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from bot.language import gettext as _
from bot.language import later
from bot.service.exit_error import ExitError
from storage.private_files import give_to_owner_of_folder

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
    """One bot, with the limits of its plan; the defaults are those of Zalo's free plan."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, AfterValidator(_name)]
    messenger: Literal["zalo"]
    commune: str
    token: Annotated[SecretStr, AfterValidator(_token)]
    messages_a_month: Annotated[int, Field(ge=1)] = 3000
    people: Annotated[int, Field(ge=1)] = 50


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    bots: tuple[dict[str, Any], ...] = ()


def load_bots(data_dir: Path) -> tuple[BotEntry, ...]:
    """Return the bots of the file in its order, none without a file; ExitError for a mistake."""
    bots, wrong = usable_bots(data_dir)
    if wrong:
        raise ExitError(wrong[0])
    return bots


def usable_bots(data_dir: Path) -> tuple[tuple[BotEntry, ...], tuple[str, ...]]:
    """Return the bots that can be used, and a sentence for each mistake.

    A wrong entry doesn't stop the other bots. No sentence contains a token.
    """
    file = data_dir / FILE
    try:
        text = file.read_text(encoding="utf-8-sig")  # Windows' editor writes a byte order mark
        entries = _File.model_validate(tomllib.loads(text)).bots
    except (FileNotFoundError, NotADirectoryError):
        return (), ()
    except ValidationError as error:
        return (), (_problem(file, error),)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = type(error).__name__
        return (), (_("{file} can't be read ({reason}).", file=file, reason=reason),)
    bots: list[BotEntry] = []
    wrong: list[str] = []
    for number, given in enumerate(entries):
        try:
            one = BotEntry.model_validate(given)
        except ValidationError as error:
            wrong.append(_problem(file, error, f"bots.{number}."))
            continue
        if any(one.name == other.name for other in bots):
            wrong.append(_("{file}: two bots have the same name.", file=file))
        elif any(one.token == other.token for other in bots):
            wrong.append(_("{file}: two bots have the same token.", file=file))
        else:
            bots.append(one)
    return tuple(bots), tuple(wrong)


def _problem(file: Path, error: ValidationError, entry: str = "") -> str:
    first = error.errors(include_input=False, include_url=False)[0]  # the input contains the token
    where = ".".join(str(part) for part in first["loc"])
    return f"{file}: {entry}{where}: {first['msg']}."


def save_bots(data_dir: Path, bots: Sequence[BotEntry]) -> None:
    """Write the file completely or not at all, readable for its owner only."""
    file = data_dir / FILE
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = file.with_name(f".{FILE}.new")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(_HEAD + "".join(_text(one) for one in bots))
        out.flush()
        give_to_owner_of_folder(out.fileno(), data_dir)
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
