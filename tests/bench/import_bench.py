"""The start time of a command: `smart-commune --help` compared with an empty Python program."""

# ruff: noqa: T201 - it prints its table
import subprocess
import sys
from pathlib import Path

from tests.bench.measuring import milliseconds, ratios, spread

RUNS = 15
SHORT = {"RUNS": 1}
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import click": [sys.executable, "-c", "import click"],
    "smart-commune --help": [str(Path(sys.executable).with_name("smart-commune")), "--help"],
    "import telegram.ext": [sys.executable, "-c", "import telegram.ext"],
    "all that `run` imports": [
        sys.executable,
        "-c",
        "import bot.service.running, handlers.conversation.dispatch",
    ],
}


def main() -> None:
    """Print the table."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for context in range(RUNS + 1):
        for name, command in COMMANDS.items():
            took = milliseconds(
                lambda command=command: subprocess.run(
                    command, check=True, stdout=subprocess.DEVNULL
                )
            )
            if context:  # the first reads the files
                times[name].append(took)
    first = times["python -c pass"]
    print(f"a fresh process until it ends, ms, {RUNS} runs in turn")
    print(f"{'':>24}{'ms':>26}{'ratio':>22}")
    for name, some in times.items():
        print(f"{name:>24}{spread(some)!s:>26}{spread(ratios(some, first))!s:>22}")


if __name__ == "__main__":
    main()
