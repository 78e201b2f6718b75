"""A screen as Zalo can show it: plain text, and choices to type, since there are no buttons.

Zalo's `parse_mode` isn't used: which tags it has, and whether it keeps lines, nobody has written,
and a screen full of tags can't be taken back. The conversation reads a choice by its number (one
figure, so nine at most) or by its words (handlers/conversation/typed_buttons.py).
"""

from collections.abc import Iterator, Sequence

from handlers.flow.channel import Button, Screen
from handlers.texts import without_tags

LONGEST = 2000  # characters, counted as UTF-16 does: the stricter reading of Zalo's limit
MOST_NUMBERS = 9
_WIDEST_ROW = 40  # characters of choices that stand side by side on a small telephone
_BETWEEN = "  "


def render(screen: Screen, *, numbers: bool = True) -> list[str]:
    """The messages that show a screen, usually one; the last has the choices.

    `numbers` is False where a number is an answer: there choices are words only.
    """
    text = without_tags(screen.text).strip()
    choices = "\n".join(_choices(screen.rows, numbers=numbers))
    pieces = split(text)
    if not choices:
        return pieces
    together = f"{pieces[-1]}\n\n{choices}" if pieces else choices
    if length(together) <= LONGEST:
        return [*pieces[:-1], together]
    return [*pieces, *split(choices)]


def split(text: str) -> list[str]:
    """A text in pieces of at most 2,000 characters: between lines, else between words."""
    pieces: list[str] = []
    piece = ""
    for line in _lines(text):
        longer = f"{piece}\n{line}" if piece else line
        if length(longer) <= LONGEST:
            piece = longer
            continue
        pieces.append(piece.rstrip())
        piece = line
    pieces.append(piece.rstrip())
    return [one for one in pieces if one]


def length(text: str) -> int:
    """Characters as UTF-16 counts them: most emojis are two."""
    return len(text) + sum(1 for sign in text if ord(sign) > 0xFFFF)


def _choices(rows: Sequence[Sequence[Button]], *, numbers: bool) -> Iterator[str]:
    """The lines of choices; numbers count the buttons that do something here, as their reader."""
    number = 0
    for row in rows:
        shown = []
        for button in row:
            if button.data is not None:
                number += 1
                shown.append(_choice(number if numbers else None, button.label))
            elif button.url is not None:
                shown.append(f"{button.label}: {button.url}")
        side_by_side = _BETWEEN.join(shown)
        if len(side_by_side) <= _WIDEST_ROW:
            if side_by_side:
                yield side_by_side
        else:
            yield from shown


def _choice(number: int | None, label: str) -> str:
    if number is None or number > MOST_NUMBERS:
        return f"• {label}"  # to be typed in words
    return label if label.startswith(f"{number}. ") else f"{number}. {label}"


def _lines(text: str) -> Iterator[str]:
    """The lines, each short enough for a message."""
    for line in text.split("\n"):
        rest = line
        while length(rest) > LONGEST:
            cut = _cut(rest)
            yield rest[:cut].rstrip()
            rest = rest[cut:].lstrip()
        yield rest


def _cut(line: str) -> int:
    """Where a line that is too long is cut: after the last space that fits, else where it ends."""
    end = room = 0
    for sign in line:
        room += length(sign)
        if room > LONGEST:
            break
        end += 1
    space = line.rfind(" ", 0, end)
    return space + 1 if space > 0 else end
