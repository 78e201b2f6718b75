"""`python -m tests.screens` writes docs/screens.md anew."""

import asyncio

from bot import logs
from tests.screens.making import PAGE, make

if __name__ == "__main__":
    logs.configure("ERROR", "console")
    PAGE.write_text(asyncio.run(make())[0], encoding="utf-8")
    print(f"{PAGE} is up to date.")  # noqa: T201 - a command
