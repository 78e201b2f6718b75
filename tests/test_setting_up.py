"""Setting up with `make`: an interrupted installation is completed, and hashes are locked."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CI = ROOT / ".ci"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def locked(name):
    """The versions in a lock file by name; each has its hashes."""
    text = (CI / name).read_text(encoding="utf-8").replace("\\\n", "")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if "--hash=sha256:" not in line] == []
    return dict(re.match(r"([\w.-]+)==(\S+)", line).groups() for line in lines)


def test_an_interrupted_installation_is_completed(tmp_path):
    venv, lock = tmp_path / "venv", tmp_path / "lock.txt"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    lock.touch()
    subprocess.run([CI / "set-up", sys.executable, venv, lock], check=True, capture_output=True)
    pip = [venv / "bin" / "python", "-m", "pip", "--version"]
    assert subprocess.run(pip, check=False, capture_output=True).returncode == 0


@pytest.mark.parametrize("name", ["test-requirements.txt", "bench-requirements.txt"])
def test_packages_that_only_tests_need_are_locked_separately(name):
    assert locked(name)
    only_tests = {"pytest", "playwright", "mypy", "ruff", "hypothesis", "import-linter", "aiogram"}
    assert only_tests & set(locked("requirements.txt")) == set()


def test_tests_use_the_versions_of_the_running_program():
    run, test = locked("requirements.txt"), locked("test-requirements.txt")
    assert {one for one in run.keys() & test.keys() if run[one] != test[one]} == set()


def test_the_program_is_built_by_locked_packages():
    (builder,) = PROJECT["build-system"]["requires"]
    assert builder == f"hatchling=={locked('requirements.txt')['hatchling']}"
