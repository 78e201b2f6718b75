"""The files of the database are private: nobody else can read them, not even for a moment."""

import os
import stat
from pathlib import Path

import pytest

from storage.private_files import make_private, readable_by_others


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


@pytest.fixture
def open_umask():
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
def test_a_new_file_is_private_from_the_first_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed: list[Path] = []
    monkeypatch.setattr(Path, "chmod", lambda file, _: changed.append(file))
    database = tmp_path / "data" / "deep" / "smart.db"
    make_private(database)
    assert mode(database) == 0o600
    assert mode(database.parent) == 0o700
    assert changed == []
    make_private(database)
    assert changed == []


@pytest.mark.usefixtures("open_umask")
@pytest.mark.parametrize("end", ["", "-wal", "-shm"])
@pytest.mark.parametrize("bits", [0o644, 0o660, 0o602, 0o610])
def test_a_file_that_others_can_read_is_made_private(tmp_path: Path, end: str, bits: int) -> None:
    database = tmp_path / "smart.db"
    file = tmp_path / f"smart.db{end}"
    database.touch()
    file.touch()
    file.chmod(bits)
    assert readable_by_others(file)
    make_private(database)
    assert mode(file) == 0o600
    assert not readable_by_others(file)


def test_making_a_file_private_keeps_its_content(tmp_path: Path) -> None:
    database = tmp_path / "smart.db"
    database.write_text("kept")
    make_private(database)
    assert database.read_text() == "kept"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["smart.db"]
