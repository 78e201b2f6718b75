"""The rest of a killed process is recognised; the files of a living one are left alone."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from storage.scratch_files import FOLDER, Scratch, left_behind

MAKER = """
import sys, time
from pathlib import Path
from storage.scratch_files import Scratch

with Scratch.below(Path(sys.argv[1])) as scratch:
    (scratch.path / "half.db").write_text("names")
    print("made", flush=True)
    time.sleep(60)
"""


def test_finished_work_leaves_nothing_behind(tmp_path: Path) -> None:
    with Scratch.below(tmp_path) as first, Scratch.below(tmp_path) as second:
        assert first.path != second.path
        (first.path / "half").write_text("x")
        assert left_behind(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_only_the_folder_of_a_killed_program_is_left_behind(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", MAKER, str(tmp_path)], cwd=root, stdout=subprocess.PIPE, text=True
    ) as maker:
        assert maker.stdout is not None
        assert maker.stdout.readline() == "made\n"
        assert left_behind(tmp_path) == []
        maker.send_signal(signal.SIGKILL)
    (dead,) = left_behind(tmp_path)
    assert left_behind(tmp_path) == []  # the caller owns it now
    assert (dead.path / "half.db").exists()
    dead.close()
    assert not (tmp_path / FOLDER).exists()


def test_a_folder_without_a_lock_and_a_lock_without_a_folder_are_left_behind(
    tmp_path: Path,
) -> None:
    (tmp_path / FOLDER / "of-an-older-version").mkdir(parents=True)
    (tmp_path / FOLDER / ".killed-in-between.lock").touch()
    left = left_behind(tmp_path)
    assert [one.path.name for one in left] == ["killed-in-between", "of-an-older-version"]
    for one in left:
        one.close()
    assert list(tmp_path.iterdir()) == []


def test_a_lock_of_one_thread_can_be_released_by_another(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as other:
        scratch = other.submit(Scratch.below, tmp_path).result()
        assert left_behind(tmp_path) == []
    scratch.leave()
    (found,) = left_behind(tmp_path)
    found.close()


def test_without_a_data_directory_the_scratch_lies_beside_the_target(tmp_path: Path) -> None:
    target = tmp_path / "backups" / "all.tar"
    with Scratch.beside(target, tmp_path / "data") as scratch:
        assert scratch.path.parent == target.parent / FOLDER
    assert not (tmp_path / "data").exists()


def test_on_the_same_disk_the_scratch_lies_in_the_data_directory(tmp_path: Path) -> None:
    target = tmp_path / "backups" / "all.tar"
    (tmp_path / "data").mkdir()
    with Scratch.beside(target, tmp_path / "data") as scratch:
        assert scratch.path.parent == tmp_path / "data" / FOLDER
        (scratch.path / "x").write_text("whole")
        (scratch.path / "x").replace(target)
    assert target.read_text() == "whole"


def test_nobody_else_can_read_what_is_unfinished(tmp_path: Path) -> None:
    with Scratch.below(tmp_path) as scratch:
        for folder in (scratch.path, scratch.path.parent):
            assert folder.stat().st_mode & 0o777 == 0o700
