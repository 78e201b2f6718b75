"""The data of a button: an action and its arguments, at most 64 bytes, never trusted."""

from dataclasses import dataclass

VERSION = "1"
LIMIT = 64
LARGEST = (1 << 63) - 1  # the largest integer of the databases
_SEPARATOR = "|"
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_DIGITS = frozenset(_ALPHABET)


@dataclass(frozen=True, slots=True)
class Press:
    """An action with its arguments."""

    action: str
    arguments: tuple[str, ...] = ()

    def text(self, index: int) -> str:
        """Return the argument at `index`; an empty text if the button has none."""
        return self.arguments[index] if index < len(self.arguments) else ""

    def number(self, index: int) -> int | None:
        """Return the argument at `index` as a number; None for any other text."""
        return unpacked(self.text(index))

    @property
    def data(self) -> str:
        """The data of a button with this press."""
        return pack(self.action, *self.arguments)


def pack(action: str, *arguments: int | str) -> str:
    """Return a button's data; raise ValueError if it is too long or contains a separator."""
    parts = [packed(a) if isinstance(a, int) else a for a in arguments]
    for part in (action, *parts):
        if _SEPARATOR in part:
            raise ValueError(f"{_SEPARATOR!r} is not allowed in a button's data")
    data = _SEPARATOR.join((VERSION, action, *parts))
    if len(data.encode()) > LIMIT:
        raise ValueError(f"a button's data has at most {LIMIT} bytes: {data}")
    return data


def unpack(data: str) -> Press | None:
    """Return the press of a button's data; None for data that is not of this bot."""
    if len(data.encode()) > LIMIT:
        return None
    version, *rest = data.split(_SEPARATOR)
    if version != VERSION or not rest or not rest[0]:
        return None
    return Press(rest[0], tuple(rest[1:]))


def unpacked(digits: str) -> int | None:
    """Return the number in base 36; None for any other text or a number that is too large."""
    if not digits or len(digits) > 13 or not _DIGITS.issuperset(digits):
        return None
    number = int(digits, 36)
    return number if number <= LARGEST else None


def packed(number: int) -> str:
    """Return a number in base 36; raise ValueError for a negative one."""
    if number < 0:
        raise ValueError("a button's numbers are not negative")
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = _ALPHABET[digit] + digits
    return digits
