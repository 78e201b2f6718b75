"""The table of export formats in docs/exports.md, made from the registry."""

from pathlib import Path

from handlers.exports.formats import FORMATS

PAGE = Path(__file__).parents[2] / "docs" / "exports.md"
HEAD = "| format | is | who gets it in the chat |\n|---|---|---|\n"


def with_formats(page: str) -> str:
    """The page with its table made again."""
    before, _, after = page.partition(HEAD)
    rows = "".join(
        f"| `{one.name}` | {one.description.replace('FILE', '`FILE`')}"
        f" | officers, {'leaders, ' if one.for_leaders else ''}operators |\n"
        for one in FORMATS.values()
    )
    rest = after.partition("\n\n")[2]
    return f"{before}{HEAD}{rows}\n{rest}"
