"""`make bench`: every module here named *_bench, or those that are named: `make bench ONLY=storage`."""

import importlib
import sys
from pathlib import Path

found = sorted(file.stem for file in Path(__file__).parent.glob("*_bench.py"))
wanted = [f"{name}_bench" for name in sys.argv[1:]] or found
for name in wanted:
    importlib.import_module(f"tests.bench.{name}").main()
    print(flush=True)  # noqa: T201 - between two tables
