"""The source distribution: what belongs to the program, and nothing that lies about beside it."""

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_what_lies_in_the_checkout_is_not_packed(tmp_path):
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
