"""The criteria sets there are: those that ship, and the TOML files in DATA_DIR/criteria-sets.

Rounds keep the text they were opened with, so a file can be changed or taken away at any time.
"""

from pathlib import Path

from bot.ending import Ending
from criteria.set_file import CriteriaError, SetFile, parse_criteria, shipped_sets

FOLDER = "criteria-sets"


def sets_of(data_dir: Path) -> tuple[SetFile, ...]:
    """Give all sets, those that ship first; raises an Ending that names file, place and reason."""
    found = {one.id: one for one in shipped_sets()}
    for file in files_of(data_dir):
        one = read_set(file)
        if one.id in found:
            raise Ending(f"{file}: id: there is a set {one.id!r} already; give this one another.")
        found[one.id] = one
    return tuple(found.values())


def files_of(data_dir: Path) -> list[Path]:
    """The folder's files, by name; none without the folder."""
    return sorted((data_dir / FOLDER).glob("*.toml"))


def read_set(file: Path) -> SetFile:
    """The set in a file; raises an Ending that names file, place and reason of what is wrong."""
    try:
        text = file.read_text(encoding="utf-8")
        return SetFile(parse_criteria(text, str(file)), text)
    except UnicodeDecodeError:
        raise Ending(f"{file}: the file: it is not a text in UTF-8.") from None
    except OSError as error:
        raise Ending(f"{file}: the file: it can't be read ({error.strerror}).") from None
    except CriteriaError as error:
        more = len(error.problems) - 1
        rest = f" (and {more} more: `criteria check FILE` says all)" if more else ""
        raise Ending(f"{error.problems[0]}{rest}.") from None
