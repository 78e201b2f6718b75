"""Where evidence lies below DATA_DIR: names that say nothing, checked where they become a path.

A name comes from the database or from a backup, and both can be forged or damaged.
"""

import hashlib
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

FOLDER = "evidence"
_NAME = re.compile(rf"{FOLDER}/([0-9a-f]{{2}})/\1[0-9a-f]{{30}}", re.ASCII)


class UnsafeName(LookupError):  # noqa: N818 - reads as what it is
    """No file of evidence can have this name: the program gives only those of new_name()."""


def new_name() -> str:
    """A name below DATA_DIR that says nothing."""
    token = secrets.token_hex(16)
    return f"{FOLDER}/{token[:2]}/{token}"


def path_of(data_dir: Path, name: str) -> Path:
    """The file of this name; raises UnsafeName for any other than new_name() gives."""
    if not _NAME.fullmatch(name):
        raise UnsafeName(name)
    return data_dir / name


def files_on_disk(data_dir: Path) -> Iterator[str]:
    """The names of all files in the folder, below `data_dir`; also of what doesn't belong there."""
    for file in sorted((data_dir / FOLDER).rglob("*")):
        if not file.is_dir():
            yield file.relative_to(data_dir).as_posix()


def checksum(file: Path) -> str:
    """SHA-256 of a file's content, in hex."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
