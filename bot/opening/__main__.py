"""The child: reads a file from its input, writes a line of JSON and the content it made of it."""

import json
import sys

from bot.opening.limits import limit_myself


def main(task: str) -> None:
    """Do one task; a file that can't be opened is an answer, running out of memory is none."""
    limit_myself()
    content = sys.stdin.buffer.read()
    if task == "evidence":
        from bot.opening.evidence import cleaned

        says, made = cleaned(content).told()
    else:
        from bot.opening.workbook import told_cells

        says, made = told_cells(content), b""
    sys.stdout.buffer.write(json.dumps(says).encode() + b"\n" + made)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1])
