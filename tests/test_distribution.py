"""The distributions: they have only files of the program, and the demo runs from the wheel."""

import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tarfile
import urllib.request
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_files_outside_the_packages_are_not_packed(tmp_path):
    for name in ("pyproject.toml", "README.md", ".gitignore", "Makefile"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("bot", "storage"):
        (tmp_path / name).mkdir()
        shutil.copy(ROOT / name / "__init__.py", tmp_path / name)
    for name in ("communes.xlsx", "officer.png", "all.tar", "data/smart-commune.db", ".env"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("secret")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", "out"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    (made,) = (tmp_path / "out").iterdir()
    with tarfile.open(made) as tar:
        names = {name.partition("/")[2] for name in tar.getnames()}
    assert names == {
        "pyproject.toml", "README.md", ".gitignore", "Makefile", "PKG-INFO",
        "bot/__init__.py", "storage/__init__.py",
    }  # fmt: skip


def test_the_demo_runs_from_an_installed_wheel_in_an_empty_folder(tmp_path):
    built, place, empty = tmp_path / "built", tmp_path / "installed", tmp_path / "empty"
    empty.mkdir()
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = built.iterdir()
    with zipfile.ZipFile(wheel) as files:
        names = set(files.namelist())
    assert {f"{one}/py.typed" for one in ("bot", "handlers", "storage", "criteria")} <= names
    assert any(one.endswith("licenses/LICENSE") for one in names)
    assert {one.partition("/")[0] for one in names if not one.startswith("smart_commune")} == {
        "bot", "handlers", "storage", "criteria",
    }  # fmt: skip
    command = _installed(wheel, place)
    surroundings = {"PATH": "", "TMPDIR": str(tmp_path), "LANG": "vi_VN.UTF-8"}
    said = subprocess.run(
        [command, "--help"], cwd=empty, env=surroundings, check=True, capture_output=True, text=True
    ).stdout
    assert "Cách dùng: smart-commune" in said  # the catalogues are in the wheel
    program = subprocess.Popen(
        [command, "demo", "--port", "0", "--no-browser"],
        cwd=empty, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=surroundings,
    )  # fmt: skip
    try:
        address = re.search(r"http://127\.0\.0\.1:\d+", program.stdout.readline())[0]
        with urllib.request.urlopen(address, timeout=10) as page:
            assert b"<html" in page.read()
        program.send_signal(signal.SIGINT)
        assert program.wait(20) == 0
    finally:
        program.kill()
        program.wait(10)
        program.stdout.close()
    assert list(empty.iterdir()) == []


def _installed(wheel, place):
    """The command of the wheel in its own environment, which sees the libraries of this one."""
    venv.create(place, symlinks=True)
    python = place / "bin" / "python"
    subprocess.run(
        [
            sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index",
            "--no-deps", "--disable-pip-version-check", wheel,
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    (libraries,) = (place / "lib").glob("python*/site-packages")
    (libraries / "these.pth").write_text(sysconfig.get_path("purelib"))
    return place / "bin" / "smart-commune"
