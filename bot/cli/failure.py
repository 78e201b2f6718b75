"""The error of a command: one sentence on standard error, and the exit code."""

import click


class Failure(click.ClickException):
    """One sentence for the person at the keyboard."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.exit_code = code  # type: ignore[misc]  # click's own subclasses do the same


def missing_extra(what: str, extra: str) -> Failure:
    """The failure where a library of an extra isn't installed, with what installs it."""
    return Failure(
        f"{what} need the extra {extra!r}: pip install 'smart-commune-bot[{extra}]' (in a "
        f"checkout: make setup)."
    )


def sentence_of(error: Exception) -> tuple[str, int]:
    """The sentence and the exit code for an error that a command didn't handle."""
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
    if isinstance(error, SettingsError | StorageError | OSError):
        return redact(" ".join(str(error).split())), 1
    kind = type(error).__name__
    return f"Something went wrong inside the program ({kind}); --trace shows where.", BUG
