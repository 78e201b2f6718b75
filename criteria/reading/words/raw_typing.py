"""Words typed in raw Telex or VNI: "chuwa", "ro6i2".

The spellings are made from the known words, so a word that only looks like Telex is not changed.
"""

from collections.abc import Iterable, Iterator
from itertools import product

from criteria.reading.words.folding import syllable

# The key of each tone and quality: (Telex, VNI).
_TONE_KEYS = {
    "\u0301": ("s", "1"),
    "\u0300": ("f", "2"),
    "\u0309": ("r", "3"),
    "\u0303": ("x", "4"),
    "\u0323": ("j", "5"),
}
_VNI_QUALITY = {"\u0302": "6", "\u031b": "7", "\u0306": "8", "-": "9"}
_VOWELS = frozenset("aeiouy")


def raw_spellings(words: Iterable[str]) -> dict[str, str]:
    """Return every raw spelling of every word with marks, and its word; plain words have none."""
    found: dict[str, str] = {}
    for word in words:
        for method in (0, 1):
            for spelling in _spellings(word, method):
                found.setdefault(spelling, word)
    return found


def _spellings(word: str, method: int) -> Iterator[str]:
    letters, marks, tone = syllable(word)
    if not tone and not any(marks):
        return
    # A key may come directly after its letter or later in the syllable.
    choices: list[list[tuple[int, str]]] = []
    marked = [i for i, mark in enumerate(marks) if mark]
    for i in marked:
        key = _quality_key(letters[i], marks[i], method)
        choices.append([(at, key) for at in range(i + 1, len(letters) + 1)])
    if tone:
        first = next((i for i, c in enumerate(letters) if c in _VOWELS), 0)
        key = _TONE_KEYS[tone][method]
        choices.append([(at, key) for at in range(first + 1, len(letters) + 1)])
    yield from _inserted(letters, choices)
    horns = [n for n, i in enumerate(marked) if marks[i] == "\u031b"]
    if len(horns) > 1:  # one w (or 7) marks both letters of ươ
        for left_out in horns:
            yield from _inserted(letters, choices[:left_out] + choices[left_out + 1 :])
    if method == 0 and "\u031b" in marks and letters[marks.index("\u031b")] == "u":
        at = marks.index("\u031b")  # "tw" for tư
        head, tail = letters[:at], letters[at + 1 :]
        rest = [
            [(max(p - 1, at), key) for p, key in options]
            for n, options in enumerate(choices)
            if n != marked.index(at)
        ]
        for spelling in _inserted(head + tail, rest):
            yield spelling[:at] + "w" + spelling[at:]


def _quality_key(letter: str, mark: str, method: int) -> str:
    if method == 1:
        return _VNI_QUALITY[mark]
    return letter if mark in ("\u0302", "-") else "w"


def _inserted(letters: str, choices: list[list[tuple[int, str]]]) -> Iterator[str]:
    for chosen in product(*choices):
        after: dict[int, str] = {}
        for at, key in chosen:
            after[at] = after.get(at, "") + key
        yield "".join(after.get(i, "") + c for i, c in enumerate(letters)) + after.get(
            len(letters), ""
        )
