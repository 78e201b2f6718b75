"""What a button carries: an action and its arguments, at most 64 bytes, never trusted."""

from dataclasses import dataclass

VERSION = "1"
LIMIT = 64
LARGEST = (1 << 63) - 1  # what a database takes for a number
_SEPARATOR = "|"
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_DIGITS = frozenset(_ALPHABET)


@dataclass(frozen=True, slots=True)
class Press:
    """An action with its arguments, as a button carried them."""

    action: str
    arguments: tuple[str, ...] = ()

    def text(self, index: int) -> str:
        """The argument at `index`, empty when the button has none there."""
        return self.arguments[index] if index < len(self.arguments) else ""

    def number(self, index: int) -> int | None:
        """Return the argument at `index` as a number; None for anything else."""
        return unpacked(self.text(index))

    @property
    def data(self) -> str:
        """The data of a button that leads there."""
        return pack(self.action, *self.arguments)


def pack(action: str, *arguments: int | str) -> str:
    """The button's data; raises ValueError for what a button can't carry."""
    parts = [packed(a) if isinstance(a, int) else a for a in arguments]
    for part in (action, *parts):
        if _SEPARATOR in part:
            raise ValueError(f"{_SEPARATOR!r} can't stand in a button's data")
    data = _SEPARATOR.join((VERSION, action, *parts))
    if len(data.encode()) > LIMIT:
        raise ValueError(f"a button carries at most {LIMIT} bytes: {data}")
    return data


def unpack(data: str) -> Press | None:
    """The press in a button's data; None for anything that no button of ours carries."""
    if len(data.encode()) > LIMIT:
        return None
    version, *rest = data.split(_SEPARATOR)
    if version != VERSION or not rest or not rest[0]:
        return None
    return Press(rest[0], tuple(rest[1:]))


def unpacked(digits: str) -> int | None:
    """Return the number that a button carries; None for anything that isn't one, or too large."""
    if not digits or len(digits) > 13 or not _DIGITS.issuperset(digits):
        return None
    number = int(digits, 36)
    return number if number <= LARGEST else None


def packed(number: int) -> str:
    """Return a number as a button carries it; raise ValueError for a negative one."""
    if number < 0:
        raise ValueError("a button's numbers are not negative")
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = _ALPHABET[digit] + digits
    return digits
