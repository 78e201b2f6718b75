"""The names of evidence files in DATA_DIR: random, and checked before they become a path.

A name comes from the database or from a backup. A damaged or forged name must not lead to another
file.
"""

import hashlib
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

FOLDER = "evidence"
_NAME = re.compile(rf"{FOLDER}/([0-9a-f]{{2}})/\1[0-9a-f]{{30}}", re.ASCII)


class UnsafeName(LookupError):  # noqa: N818 - the name is clear without "Error"
    """The name is not one that new_name() returns, so it cannot be an evidence file."""


def new_name() -> str:
    """Return a random name below DATA_DIR, which does not reveal area, person or indicator."""
    token = secrets.token_hex(16)
    return f"{FOLDER}/{token[:2]}/{token}"


def path_of(data_dir: Path, name: str) -> Path:
    """Return the path of this name; raise UnsafeName for a name that new_name() cannot return."""
    if not _NAME.fullmatch(name):
        raise UnsafeName(name)
    return data_dir / name


def files_on_disk(data_dir: Path) -> Iterator[str]:
    """Yield the names of all files in the evidence folder, including files of another origin."""
    for file in sorted((data_dir / FOLDER).rglob("*")):
        if not file.is_dir():
            yield file.relative_to(data_dir).as_posix()


def checksum(file: Path) -> str:
    """Return the SHA-256 of a file's content, in hex."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
