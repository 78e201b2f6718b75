"""Frequent mistakes in a TOML file that was edited by hand, and the correction of each.

A fix changes the text of one statement; the caller checks whether TOML can parse the result.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

_SMART = "“”„‟«»‘’″"
_STRING = r'"(?:[^"\\\n]|\\.)*"'
_KEY = r"\s*[\w.-]+\s*=\s*"


@dataclass(frozen=True, slots=True)
class Fix:
    """The name of a mistake, and the function that corrects it."""

    reason: str
    change: Callable[[str], str]


def _each_line(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: "\n".join(map(change, text.split("\n")))


def _spaces(text: str) -> str:
    """Correct special spaces and the wide characters of word processors and Asian keyboards."""
    return re.sub(r"[\u00a0\u2000-\u200b\u202f\u3000]", " ", text).replace("＝", "=")


def _quotes_around_value(line: str) -> str:
    """Correct smart quotes around a value; quotes inside it stay."""
    quotes = f'["{_SMART}]'
    found = re.fullmatch(rf"({_KEY}){quotes}([^\"]*){quotes}(\s*(?:#.*)?)", line)
    return f'{found[1]}"{found[2]}"{found[3]}' if found else line


def _smart_quotes(line: str) -> str:
    """Correct smart quotes where a text begins or ends, also in a list or a table."""
    if re.search(r"[”»]\s+[“«]", line):
        return line  # two texts without a comma are not one text
    line = re.sub(rf"((?:^|[=\[{{,])\s*)[{_SMART}]", r'\1"', line)
    return re.sub(rf"[{_SMART}](?=\s*(?:[,\]}}#]|$|\w+\s*=))", '"', line)


def _all_smart_quotes(line: str) -> str:
    """Correct all double smart quotes of a list or a table."""
    return re.sub("[“”„‟«»″]", '"', line)


def _quotes_inside(line: str) -> str:
    """Replace straight quotes inside a text by curly ones."""
    found = re.fullmatch(rf'({_KEY})"(.*)"(\s*(?:#[^"]*)?)', line)
    if not found or found[2].count('"') % 2 or "\\" in found[2]:
        return line
    inner = re.sub(r'"([^"]*)"', r"“\1”", found[2])
    return f'{found[1]}"{inner}"{found[3]}'


def _equals(line: str) -> str:
    """Put an equals sign between key and value, instead of a colon or nothing."""
    return re.sub(rf"^(\s*[\w.-]+)(?:\s*:\s*|\s+(?=[\"{_SMART}\d\[{{]))(?=\S)", r"\1 = ", line)


def _commas(text: str) -> str:
    """Add missing commas between the parts of a list or a table."""
    part = r"[\"{\[]|[A-Za-z_][\w-]*\s*="
    return re.sub(rf"({_STRING}|\}}|\]|\b\d+)(\s*)(?={part})", _with_comma, text)


def _with_comma(found: re.Match[str]) -> str:
    return f"{found[1]},{found[2] or ' '}"


def _extra_comma(text: str) -> str:
    """Remove a comma or semicolon after a value, or before the end of a table."""
    text = re.sub(r"[,;]+(\s*(?:#[^\n]*)?)$", r"\1", text)
    return re.sub(r",(\s*\})", r"\1", text)


def _has_odd_quotes(line: str) -> bool:
    return len(re.findall(r'(?<!\\)"', line)) % 2 == 1


def _closing_quote(line: str) -> str:
    """Add a quote at the end of the line, before a final comma or a comment."""
    if not _has_odd_quotes(line):
        return line
    found = re.fullmatch(r"(.*?)(\s*,?\s*(?:\s#.*)?)", line)
    return f'{found[1]}"{found[2]}' if found and found[1] else line


def _closing_quote_before_bracket(line: str) -> str:
    """Add a quote before the bracket that ends the line."""
    return re.sub(r"(\s*[\]}]+,?\s*)$", r'"\1', line) if _has_odd_quotes(line) else line


def _opening_quote(line: str) -> str:
    """Add a quote where the text begins."""
    return re.sub(rf'^({_KEY}|\s*)(?=[^\s"\[{{=][^"=]*"[,\s]*(?:#.*)?$)', r'\1"', line)


def _both_quotes(line: str) -> str:
    """Add both quotes to a text or a percentage without any."""
    found = re.fullmatch(rf'({_KEY})([^"\'{_SMART}=\[{{#\s][^"#]*?)(\s*(?:#.*)?)', line)
    return f'{found[1]}"{found[2]}"{found[3]}' if found else line


def _heading(text: str) -> str:
    """Balance the brackets of a heading; a dotted name gets one pair."""
    found = re.fullmatch(r"\s*(\[+)\s*([\w.\- ]+?)\s*(\]*)\s*(#.*)?", text)
    if not found:
        return text
    count = 1 if "." in found[2] else min(2, max(len(found[1]), len(found[3])))
    return "[" * count + re.sub(r"\s*\.\s*", ".", found[2]) + "]" * count


def _closing_brackets(text: str) -> str:
    """Add the missing brackets at the end of a list or a table."""
    if not re.match(_KEY, text):
        return text
    missing: list[str] = []
    for sign in re.findall(r"[\[\]{}]", re.sub(_STRING, "", text)):
        if sign in "[{":
            missing.insert(0, "]" if sign == "[" else "}")
        elif missing and missing[0] == sign:
            missing.pop(0)
    return text.rstrip().rstrip(",") + "".join(f" {sign}" for sign in missing) if missing else text


def _joined_lines(text: str) -> str:
    """Join a text that was broken into several lines."""
    return re.sub(r"\s*\n\s*", " ", text) if re.match(rf'{_KEY}["{_SMART}]', text) else text


def _backslashes(text: str) -> str:
    """Double a backslash that begins no escape of TOML."""
    return re.sub(r'\\(?![btnfr"\\uU])', r"\\\\", text)


# Rarer mistakes come later, because the first fix that leaves valid TOML is used.
FIXES = (
    Fix("space", _spaces),
    Fix("line_broken", _joined_lines),
    Fix("equals", _each_line(_equals)),
    Fix("smart_quotes", _each_line(_quotes_around_value)),
    Fix("smart_quotes", _each_line(_all_smart_quotes)),
    Fix("smart_quotes", _each_line(_smart_quotes)),
    Fix("quotes_inside", _each_line(_quotes_inside)),
    Fix("opening_quote", _each_line(_opening_quote)),
    Fix("closing_quote", _each_line(_closing_quote_before_bracket)),
    Fix("closing_quote", _each_line(_closing_quote)),
    Fix("comma", _commas),
    Fix("extra_comma", _extra_comma),
    Fix("brackets", _heading),
    Fix("brackets", _closing_brackets),
    Fix("backslash", _backslashes),
    Fix("quotes", _each_line(_both_quotes)),
)
