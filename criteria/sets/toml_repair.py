"""Reading TOML that has mistakes. Each mistake has its line and the corrected line.

The standard parser stops at the first mistake. Here each statement (a heading, or a key with its
value) is parsed by itself. A wrong statement is replaced by the nearest valid one, and the others
are read as they are. `criteria.sets.toml_fixes` has the mistakes that can be corrected.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from criteria.sets.toml_fixes import FIXES, Fix

Path = tuple[int | str, ...]

_STARTS = re.compile(r"\[|\s*[\w.-]+\s*=")
_COMMENT = re.compile(r"\s*(#.*)?")
_MOST_FIXES = 3  # the most fixes of one statement


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a line (counted from 1), and the corrected line if it is known."""

    line: int
    written: str
    reason: str
    better: str | None = None


@dataclass(frozen=True, slots=True)
class Repaired:
    """The data that could be read, and the line of each key.

    `lost` are the keys whose value could not be read.
    """

    data: dict[str, Any]
    mistakes: tuple[Mistake, ...]
    lines: Mapping[Path, int]
    lost: frozenset[Path]

    def line_of(self, path: Path) -> int | None:
        """Return the line of this key, else of the nearest heading or key that contains it."""
        for length in range(len(path), 0, -1):
            if (line := self.lines.get(path[:length])) is not None:
                return line
        return None


@dataclass(frozen=True, slots=True)
class _Statement:
    """A heading, or a key with its value: the number of its first line, and its text."""

    line: int
    text: str


def read_toml(text: str, lists: frozenset[str]) -> Repaired:
    """Read all that can be read; `lists` are the headings that take two brackets."""
    mistakes: list[Mistake] = []
    lost: list[_Statement] = []
    kept: list[_Statement] = []
    for one in _statements(text):
        fixed, found = _repair(one, lists)
        mistakes += found
        if fixed is None:
            lost.append(one)
        else:
            kept.append(_Statement(one.line, fixed))
    kept, doubled = _without_doubles(kept, text.split("\n"))
    mistakes += doubled
    data = tomllib.loads("\n".join(one.text for one in kept))
    lines, lost_paths = _paths(kept, lost)
    return Repaired(data, tuple(sorted(mistakes, key=lambda m: m.line)), lines, lost_paths)


def _parses(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _statements(text: str) -> Iterator[_Statement]:
    """Cut the text into statements; a value over several lines ends where it can be parsed."""
    lines = text.split("\n")
    here = 0
    while here < len(lines):
        if _COMMENT.fullmatch(lines[here]):
            here += 1
            continue
        end = _end(lines, here)
        yield _Statement(here + 1, "\n".join(lines[here:end]))
        here = end


def _end(lines: list[str], start: int) -> int:
    last = start + 1
    for end in range(start + 1, len(lines) + 1):
        if _parses("\n".join(lines[start:end])):
            return end
        if not _COMMENT.fullmatch(lines[end - 1]):
            last = end  # blank lines and comments after a broken statement do not belong to it
        if end < len(lines) and _STARTS.match(lines[end]):
            break
    return last


def _repair(one: _Statement, lists: frozenset[str]) -> tuple[str | None, list[Mistake]]:
    """Return the corrected statement (None: unknown), and what is wrong with it."""
    heading = re.fullmatch(r"\s*\[\s*([\w-]+)\s*(?:\]\s*(?:#.*)?)?", one.text)
    if heading and heading[1] in lists:
        better = f"[[{heading[1]}]]"
        return better, [Mistake(one.line, one.text, "brackets", better)]
    if _parses(one.text):
        return one.text, []
    for count in range(1, _MOST_FIXES + 1):
        for chosen in combinations(FIXES, count):
            stages = _stages(one.text, chosen)
            if stages is not None and _parses(stages[-1]) and _same_key(one.text, stages[-1]):
                return stages[-1], _mistakes_of(one, stages, chosen)
    if "=" not in one.text:
        first = one.text.split("\n")[0]
        return "", [Mistake(one.line, first, "no_value", f"# {first.strip()}")]
    return None, [Mistake(one.line, one.text, "unreadable")]


def _stages(text: str, fixes: tuple[Fix, ...]) -> list[str] | None:
    """Return the text before the first fix and after each; None if one changes nothing."""
    stages = [text]
    for fix in fixes:
        stages.append(fix.change(stages[-1]))
        if stages[-1] == stages[-2]:
            return None
    return stages


def _same_key(before: str, after: str) -> bool:
    """Return whether the first word is the same before and after a fix."""
    words = re.search(r"[\w-]+", before), re.search(r"[\w-]+", after)
    return words[0] is not None and words[1] is not None and words[0][0] == words[1][0]


def _mistakes_of(one: _Statement, stages: list[str], fixes: tuple[Fix, ...]) -> list[Mistake]:
    """Return one mistake for each line that the fixes change, with the final line."""
    first, last = stages[0].split("\n"), stages[-1].split("\n")
    if len(first) != len(last):
        return [Mistake(one.line, stages[0], fixes[-1].reason, stages[-1])]
    found: dict[tuple[int, str], Mistake] = {}
    for fix, before, after in zip(fixes, stages, stages[1:], strict=False):
        pairs = zip(before.split("\n"), after.split("\n"), strict=True)
        for number, (old, new) in enumerate(pairs):
            if old != new:
                found[number, fix.reason] = Mistake(
                    one.line + number, first[number], fix.reason, last[number]
                )
    return list(found.values())


def _without_doubles(
    statements: list[_Statement], written: list[str]
) -> tuple[list[_Statement], list[Mistake]]:
    """Remove each statement whose key exists already."""
    kept, mistakes = list(statements), []
    while not _parses("\n".join(one.text for one in kept)):
        low, high = 0, len(kept)  # the first `low` statements parse, the first `high` do not
        while high - low > 1:
            middle = (low + high) // 2
            if _parses("\n".join(one.text for one in kept[:middle])):
                low = middle
            else:
                high = middle
        wrong = kept.pop(low)
        mistakes.append(Mistake(wrong.line, written[wrong.line - 1], "double"))
        while wrong.text.lstrip().startswith("[") and low < len(kept):
            if kept[low].text.lstrip().startswith("["):
                break
            kept.pop(low)  # the statements under a heading that was removed
    return kept, mistakes


def _paths(
    statements: list[_Statement], lost: list[_Statement]
) -> tuple[dict[Path, int], frozenset[Path]]:
    """Return the line of each key and heading by its path, and the paths of the lost keys."""
    lines: dict[Path, int] = {}
    without: set[Path] = set()
    counts: dict[Path, int] = {}
    under: Path = ()
    gone = {id(one) for one in lost}
    for one in sorted([*statements, *lost], key=lambda statement: statement.line):
        if id(one) in gone:
            if key := re.match(r"\s*([\w-]+)", one.text):
                without.add((*under, key[1]))
                lines.setdefault((*under, key[1]), one.line)
            continue
        keys = _keys(tomllib.loads(one.text))
        if one.text.lstrip().startswith("["):
            under = ()
            for key_ in keys:
                under = (*under, key_)
                if under in counts:
                    under = (*under, counts[under])
            if one.text.lstrip().startswith("[["):
                plain = under[:-1] if under and isinstance(under[-1], int) else under
                counts[plain] = counts.get(plain, -1) + 1
                under = (*plain, counts[plain])
            path = under
        else:
            path = (*under, *keys)
        for length in range(1, len(path) + 1):
            lines.setdefault(path[:length], one.line)
    return lines, frozenset(without)


def _keys(data: object) -> tuple[str, ...]:
    """Return the keys down to the first value that is not a table with one key."""
    found: list[str] = []
    while (isinstance(data, dict) and len(data) == 1) or (isinstance(data, list) and data == [{}]):
        if isinstance(data, list):
            break
        ((key, data),) = data.items()
        found.append(key)
    return tuple(found)
