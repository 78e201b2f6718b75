"""The tables of export formats in docs/exports.md, made from the registry."""

from pathlib import Path

from handlers.exports.formats import FORMATS, OF_MANY

PAGE = Path(__file__).parents[2] / "docs" / "exports.md"
HEAD = "| format | is | who gets it in the chat |\n|---|---|---|\n"


HEAD_OF_MANY = "| format | is |\n|---|---|\n"


def with_formats(page: str) -> str:
    """The page with its tables made again."""
    rows = "".join(
        f"| `{one.name}` | {one.description.replace('FILE', '`FILE`')}"
        f" | officers, {'leaders, ' if one.for_leaders else ''}operators |\n"
        for one in FORMATS.values()
    )
    of_many = "".join(f"| `{one.name}` | {one.description} |\n" for one in OF_MANY.values())
    return _with(_with(page, HEAD, rows), HEAD_OF_MANY, of_many)


def _with(page: str, head: str, rows: str) -> str:
    before, _, after = page.partition(head)
    rest = after.partition("\n\n")[2]
    return f"{before}{head}{rows}\n{rest}"
