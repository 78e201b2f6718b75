"""`make bench`: every module here named *_bench, or only some: `make bench ONLY=storage`.

With --short each measures as little as possible: it shows only that the benchmark runs.
"""

import importlib
import sys
from pathlib import Path

FOUND = sorted(file.stem for file in Path(__file__).parent.glob("*_bench.py"))


def main(words: list[str]) -> None:
    """Run them one after another."""
    named = [f"{name}_bench" for name in words if name != "--short"]
    for name in named or FOUND:
        module = importlib.import_module(f"tests.bench.{name}")
        if "--short" in words:
            vars(module).update(module.SHORT)
        module.main()
        print(flush=True)  # noqa: T201 - between two tables


if __name__ == "__main__":
    main(sys.argv[1:])
