"""Finds names in `.env` that look like settings and are none: misspelt, or of another program."""

import re
from difflib import get_close_matches

import structlog
from dotenv import dotenv_values

from bot.settings import ENCODING, ENV_FILE, Settings

log = structlog.get_logger(__name__)

_A_NAME = re.compile(r"[A-Z][A-Z0-9_]*", re.ASCII)
_LONG_ENOUGH = 5  # letters of a word that identifies a setting: TOKEN, PROXY, WEBHOOK
_SIMILARITY = 0.75  # difflib's ratio for one or two wrong letters


def unknown_settings() -> dict[str, str]:
    """Return each such name with the most similar setting; it never returns values."""
    known = [name.upper() for name in Settings.model_fields]
    given = dotenv_values(
        ENV_FILE,
        interpolate=False,
        encoding=ENCODING,
    )
    # A line without "=" has no value; it may be a pasted token.
    names = [name.upper() for name, value in given.items() if value is not None]
    return {
        name: nearest
        for name in names
        if name not in known and _A_NAME.fullmatch(name) and (nearest := _nearest(name, known))
    }


def warn() -> None:
    """Log a warning for each such name."""
    for name, nearest in unknown_settings().items():
        log.warning("no setting, so without effect", name=name, nearest=nearest)


def _nearest(name: str, known: list[str]) -> str | None:
    """Return the setting that the name abbreviates, resembles or shares a word with, or None."""
    words = _words(name)
    longer = [one for one in known if words and set(name.split("_")) <= set(one.split("_"))]
    for near in (*longer, *get_close_matches(name, known, 1, _SIMILARITY)):
        return near
    related = [one for one in known if words & _words(one)]
    return next(iter(get_close_matches(name, related, 1, 0)), None)


def _words(name: str) -> set[str]:
    return {word for word in name.split("_") if len(word) >= _LONG_ENOUGH}
