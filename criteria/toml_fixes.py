"""The mistakes that people make in a TOML file with a text editor, and how each is put right.

A fix changes the text of one statement; the caller checks whether the result can be read.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

_SMART = "“”„‟«»‘’″"
_STRING = r'"(?:[^"\\\n]|\\.)*"'
_KEY = r"\s*[\w.-]+\s*=\s*"


@dataclass(frozen=True, slots=True)
class Fix:
    """A mistake's name, and what puts it right."""

    reason: str
    change: Callable[[str], str]


def _each_line(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: "\n".join(map(change, text.split("\n")))


def _spaces(text: str) -> str:
    """Other spaces and wide signs, as text processors and Asian keyboards put them."""
    return re.sub(r"[\u00a0\u2000-\u200b\u202f\u3000]", " ", text).replace("＝", "=")


def _around(line: str) -> str:
    """A value between smart quotes, or one of each: those inside stay."""
    quotes = f'["{_SMART}]'
    found = re.fullmatch(rf"({_KEY}){quotes}([^\"]*){quotes}(\s*(?:#.*)?)", line)
    return f'{found[1]}"{found[2]}"{found[3]}' if found else line


def _smart_quotes(line: str) -> str:
    """Smart quotes where a text begins or ends, in a list or a table, too."""
    if re.search(r"[”»]\s+[“«]", line):
        return line  # two texts without a comma: they aren't one
    line = re.sub(rf"((?:^|[=\[{{,])\s*)[{_SMART}]", r'\1"', line)
    return re.sub(rf"[{_SMART}](?=\s*(?:[,\]}}#]|$|\w+\s*=))", '"', line)


def _all_smart_quotes(line: str) -> str:
    """All double smart quotes of a list or a table."""
    return re.sub("[“”„‟«»″]", '"', line)


def _inside(line: str) -> str:
    """Quotes within a text: they become curly ones."""
    found = re.fullmatch(rf'({_KEY})"(.*)"(\s*(?:#[^"]*)?)', line)
    if not found or found[2].count('"') % 2 or "\\" in found[2]:
        return line
    inner = re.sub(r'"([^"]*)"', r"“\1”", found[2])
    return f'{found[1]}"{inner}"{found[3]}'


def _equals(line: str) -> str:
    """A colon, or nothing, between the key and its value."""
    return re.sub(rf"^(\s*[\w.-]+)(?:\s*:\s*|\s+(?=[\"{_SMART}\d\[{{]))(?=\S)", r"\1 = ", line)


def _commas(text: str) -> str:
    """A comma between the parts of a list or a table."""
    part = r"[\"{\[]|[A-Za-z_][\w-]*\s*="
    return re.sub(rf"({_STRING}|\}}|\]|\b\d+)(\s*)(?={part})", _with_comma, text)


def _with_comma(found: re.Match[str]) -> str:
    return f"{found[1]},{found[2] or ' '}"


def _extra_comma(text: str) -> str:
    """A comma or semicolon behind a value, or before the bracket that ends a table."""
    text = re.sub(r"[,;]+(\s*(?:#[^\n]*)?)$", r"\1", text)
    return re.sub(r",(\s*\})", r"\1", text)


def _odd(line: str) -> bool:
    return len(re.findall(r'(?<!\\)"', line)) % 2 == 1


def _closed(line: str) -> str:
    """A quote at the end of the line, before a comma that ends it or a comment."""
    if not _odd(line):
        return line
    found = re.fullmatch(r"(.*?)(\s*,?\s*(?:\s#.*)?)", line)
    return f'{found[1]}"{found[2]}' if found and found[1] else line


def _closed_within(line: str) -> str:
    """A quote before the bracket that ends the line."""
    return re.sub(r"(\s*[\]}]+,?\s*)$", r'"\1', line) if _odd(line) else line


def _opened(line: str) -> str:
    """A quote where the text begins."""
    return re.sub(rf'^({_KEY}|\s*)(?=[^\s"\[{{=][^"=]*"[,\s]*(?:#.*)?$)', r'\1"', line)


def _quoted(line: str) -> str:
    """A text or a percentage that has no quotes at all."""
    found = re.fullmatch(rf'({_KEY})([^"\'{_SMART}=\[{{#\s][^"#]*?)(\s*(?:#.*)?)', line)
    return f'{found[1]}"{found[2]}"{found[3]}' if found else line


def _heading(text: str) -> str:
    """A heading's brackets: as many behind as before; two only where both sides have one."""
    found = re.fullmatch(r"\s*(\[+)\s*([\w.\- ]+?)\s*(\]*)\s*(#.*)?", text)
    if not found:
        return text
    count = 1 if "." in found[2] else min(2, max(len(found[1]), len(found[3])))
    return "[" * count + re.sub(r"\s*\.\s*", ".", found[2]) + "]" * count


def _closing(text: str) -> str:
    """The brackets that are missing at the end of a list or a table."""
    if not re.match(_KEY, text):
        return text
    missing: list[str] = []
    for sign in re.findall(r"[\[\]{}]", re.sub(_STRING, "", text)):
        if sign in "[{":
            missing.insert(0, "]" if sign == "[" else "}")
        elif missing and missing[0] == sign:
            missing.pop(0)
    return text.rstrip().rstrip(",") + "".join(f" {sign}" for sign in missing) if missing else text


def _joined(text: str) -> str:
    """A text that was broken into several lines."""
    return re.sub(r"\s*\n\s*", " ", text) if re.match(rf'{_KEY}["{_SMART}]', text) else text


def _backslashes(text: str) -> str:
    """A backslash that begins nothing that TOML knows."""
    return re.sub(r'\\(?![btnfr"\\uU])', r"\\\\", text)


# The rarer come later: of two ways to read a line the first that leaves valid TOML is taken.
FIXES = (
    Fix("space", _spaces),
    Fix("line_broken", _joined),
    Fix("equals", _each_line(_equals)),
    Fix("smart_quotes", _each_line(_around)),
    Fix("smart_quotes", _each_line(_all_smart_quotes)),
    Fix("smart_quotes", _each_line(_smart_quotes)),
    Fix("quotes_inside", _each_line(_inside)),
    Fix("opening_quote", _each_line(_opened)),
    Fix("closing_quote", _each_line(_closed_within)),
    Fix("closing_quote", _each_line(_closed)),
    Fix("comma", _commas),
    Fix("extra_comma", _extra_comma),
    Fix("brackets", _heading),
    Fix("brackets", _closing),
    Fix("backslash", _backslashes),
    Fix("quotes", _each_line(_quoted)),
)
