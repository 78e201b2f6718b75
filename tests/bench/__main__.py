"""`make bench`: every module here named *_bench, one after the other."""

import importlib
from pathlib import Path

for found in sorted(Path(__file__).parent.glob("*_bench.py")):
    importlib.import_module(f"tests.bench.{found.stem}").main()
    print()  # noqa: T201 - between two tables
