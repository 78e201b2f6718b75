"""`python -m tests.screens` regenerates docs/screens.md and the formats in docs/exports.md."""

import asyncio

from bot.operations import logs
from tests.screens import formats
from tests.screens.making import PAGE, make

if __name__ == "__main__":
    logs.configure("ERROR", "console")
    PAGE.write_text(asyncio.run(make())[0], encoding="utf-8")
    page = formats.PAGE.read_text(encoding="utf-8")
    formats.PAGE.write_text(formats.with_formats(page), encoding="utf-8")
    print(f"{PAGE} and {formats.PAGE} are up to date.")  # noqa: T201 - a command
