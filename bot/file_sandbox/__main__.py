"""The child: reads a file from standard input, writes one line of JSON and the cleaned content."""

import json
import sys

from bot.file_sandbox.limits import limit_this_process


def main(task: str) -> None:
    """Do one task; a broken file is a regular result, a lack of memory ends the process."""
    limit_this_process()
    content = sys.stdin.buffer.read()
    if task == "evidence":
        from bot.file_sandbox.evidence import cleaned

        fields, made = cleaned(content).message()
    else:
        from bot.file_sandbox.workbook import cells_message

        fields, made = cells_message(content), b""
    sys.stdout.buffer.write(json.dumps(fields).encode() + b"\n" + made)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1])
