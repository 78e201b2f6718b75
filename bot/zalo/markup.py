"""Converts a screen to plain text with choices to type, since Zalo has no buttons.

It doesn't use Zalo's `parse_mode`: its tags and its treatment of line breaks aren't documented, and
a message with visible tags can't be edited. handlers/flow/asked_screen.py numbers the choices.
"""

from collections.abc import Iterable, Iterator, Sequence

from handlers.flow.asked_screen import AskedScreen, Choice, choices
from handlers.flow.channel import Screen
from handlers.texts import without_tags

LONGEST = 2000  # UTF-16 code units, the stricter interpretation of Zalo's limit
_WIDEST_ROW = 40  # characters of choices that fit next to each other on a small telephone
_BETWEEN = "  "


def render(screen: Screen, asked: AskedScreen | None = None) -> list[str]:
    """Return the messages that show a screen, usually one; the last has the choices.

    `asked`: what the screen asks. It shows where a typed number is an answer and not a choice.
    """
    return in_pieces([without_tags(screen.text).strip()], choices(screen, asked))


def in_pieces(texts: Sequence[str], rows: Iterable[Sequence[Choice]] = ()) -> list[str]:
    """Return the messages that show the texts one below the other, then the choices."""
    pieces = split("\n\n".join(one for one in texts if one))
    offered = "\n".join(_lines_of(rows))
    if not offered:
        return pieces
    last = f"{pieces[-1]}\n\n{offered}" if pieces else offered
    if length(last) <= LONGEST:
        return [*pieces[:-1], last]
    return [*pieces, *split(offered)]


def split(text: str) -> list[str]:
    """Split a text into pieces of at most LONGEST, between lines or else between words."""
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
    """Return the length in UTF-16 code units; most emojis have two."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def _lines_of(rows: Iterable[Sequence[Choice]]) -> Iterator[str]:
    """Yield the lines that show the choices."""
    for row in rows:
        shown = [_choice(one) for one in row]
        side_by_side = _BETWEEN.join(shown)
        if len(side_by_side) <= _WIDEST_ROW:
            if side_by_side:
                yield side_by_side
        else:
            yield from shown


def _choice(choice: Choice) -> str:
    button, number = choice.button, choice.number
    if button.data is None:
        return f"{button.label}: {button.url or ''}"
    if number is None:
        return f"• {button.label}"  # the person types its words
    before, _, last = button.label.rpartition(" ")
    icon_and_number = last == str(number) and not any(one.isalnum() for one in before)  # "✏️ 3"
    if icon_and_number or button.label.startswith(f"{number}. "):
        return button.label
    return f"{number}. {button.label}"


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of the text, each cut to fit into a message."""
    for line in text.split("\n"):
        rest = line
        while length(rest) > LONGEST:
            cut = _cut(rest)
            yield rest[:cut].rstrip()
            rest = rest[cut:].lstrip()
        yield rest


def _cut(line: str) -> int:
    """Return where to cut a long line: after the last space that fits, else at the limit."""
    end = used = 0
    for character in line:
        used += length(character)
        if used > LONGEST:
            break
        end += 1
    space = line.rfind(" ", 0, end)
    return space + 1 if space > 0 else end
