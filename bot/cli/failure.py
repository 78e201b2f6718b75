"""The error of a command: one sentence on standard error, and the exit code."""

import click

from bot.language import gettext as _
from bot.language import later

MODULES = {  # the modules that each extra of pyproject.toml installs
    "postgres": {"asyncpg"},
    "documents": {"xlsxwriter", "python_calamine", "segno", "docx", "lxml", "pikepdf"},
    "pictures": {"PIL", "pi_heif", "matplotlib"},
}
_WHAT_NEEDS = {
    "postgres": later("PostgreSQL databases"),
    "documents": later("Workbooks, sheets and QR codes"),
    "pictures": later("Pictures"),
}


class Failure(click.ClickException):
    """An error that is shown to the person as one sentence, and the exit code."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.exit_code = code  # type: ignore[misc]  # click's own subclasses do the same


def missing_extra(what: str, extra: str) -> Failure:
    """Return the failure for an extra that isn't installed; it says how to install it.

    It is installed from the program's folder, because the program is in no package registry.
    """
    return Failure(
        _(
            "{what} need the extra {extra!r}. In the program's folder: pip install '.[{extra}]'"
            " (pipx install --force '.[{extra}]'; make setup has all).",
            what=what,
            extra=extra,
        )
    )


def _missing_module(name: str) -> Failure | None:
    """Return the failure for a module that an extra installs; None for any other module."""
    found = (one for one, modules in MODULES.items() if name.partition(".")[0] in modules)
    extra = next(found, None)
    return missing_extra(_(_WHAT_NEEDS[extra]), extra) if extra is not None else None


def sentence_of(error: Exception) -> tuple[str, int]:
    """Return the sentence and the exit code for an error that a command didn't handle."""
    from bot.operations.disk_full import full_disk, sentence
    from bot.operations.logs import redact
    from bot.service.exit_error import BUG, WRONG_SET_UP, ExitError
    from bot.settings import SettingsError
    from storage.errors import StorageError

    if isinstance(error, ExitError):
        return str(error), error.code
    if (full := full_disk(error)) is not None:
        return redact(sentence(full)), WRONG_SET_UP
    if isinstance(error, OSError) and error.filename and error.strerror:
        return redact(f"{error.filename}: {error.strerror}."), 1
    if isinstance(error, StorageError):
        return redact(" ".join(error.sentence(_).split())), 1
    if isinstance(error, SettingsError | OSError):
        return redact(" ".join(str(error).split())), 1
    if isinstance(error, ModuleNotFoundError) and (missing := _missing_module(error.name or "")):
        return missing.message, missing.exit_code
    kind = type(error).__name__
    return _(
        "Something went wrong inside the program ({kind}); --trace shows where.", kind=kind
    ), BUG
