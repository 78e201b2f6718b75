"""The available criteria sets: those of the program, and the TOML files in DATA_DIR/criteria-sets.

A round stores the text of its set, so a file can be changed or removed at any time. The program
skips and reports an invalid file.
"""

from dataclasses import dataclass
from pathlib import Path

from bot.language import current_language
from bot.language import gettext as _
from criteria.sets.set_file import CriteriaError, SetFile, parse_criteria, set_text, shipped_sets
from handlers.rounds.criteria_sets import one_line
from handlers.texts import texts_of

FOLDER = "criteria-sets"


@dataclass(frozen=True, slots=True)
class InvalidSetFile:
    """An invalid file: its name, and one sentence with the place and the reason."""

    file: str
    why: str


def sets_of(data_dir: Path) -> tuple[tuple[SetFile, ...], tuple[InvalidSetFile, ...]]:
    """Return all sets, those of the program first, and the invalid files."""
    found = {one.id: one for one in shipped_sets()}
    invalid: list[InvalidSetFile] = []
    for file in sorted((data_dir / FOLDER).glob("*.toml")):
        one = _read(file)
        # A file must not replace a set that rounds and schedules already use.
        if isinstance(one, SetFile) and one.id in found:
            one = _(
                "{file}: id: there is a set {id!r} already; give this one another.",
                file=file,
                id=one.id,
            )
        if isinstance(one, SetFile):
            found[one.id] = one
        else:
            invalid.append(InvalidSetFile(file.name, one))
    return tuple(found.values()), tuple(invalid)


def _read(file: Path) -> SetFile | str:
    """Read the set in a file; return a sentence if it is invalid. A byte order mark is allowed."""
    try:
        text = set_text(file.read_bytes())
        return SetFile(parse_criteria(text, str(file)), text)
    except UnicodeDecodeError:
        return _("{file}: the file: it is not a text in UTF-8.", file=file)
    except OSError as error:
        return _(
            "{file}: the file: it can't be read ({strerror}).", file=file, strerror=error.strerror
        )
    except CriteriaError as error:
        more = len(error.problems) - 1
        rest = _(" (and {more} more: `criteria check FILE` says all)", more=more) if more else ""
        return (
            f"{one_line(error.problems[0], texts_of(current_language())).removesuffix('.')}{rest}."
        )
