"""Each benchmark in its short form: it runs and prints figures; the values are not checked."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.__main__ import FOUND

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", [one.removesuffix("_bench") for one in FOUND])
def test_each_benchmark_runs_and_prints_its_figures(name):
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--short", name],
        cwd=ROOT, check=False, capture_output=True, text=True, timeout=290,
    )  # fmt: skip
    if done.stdout.startswith("workers: "):  # no PostgreSQL here
        pytest.skip(done.stdout.strip())
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr[-3000:]
    figures = [line for line in done.stdout.splitlines() if re.search(r" {2,}\d", line)]
    assert len(figures) > 1, done.stdout
