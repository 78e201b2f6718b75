"""Numbers written in words, or partly in words: ba trăm rưỡi, nghìn hai, 3 trăm 5."""

from collections.abc import Sequence
from dataclasses import dataclass

from criteria.reading.words import number_vocabulary as v
from criteria.reading.words.tokens import Token

_MOST_DIGITS = 6  # digits written one by one; more digits are a telephone number


@dataclass(frozen=True, slots=True)
class Spoken:
    """A number read from `tokens[at:end]`; not `sure` if the words can have another meaning."""

    value: int
    end: int
    sure: bool = True


def spoken_number(tokens: Sequence[Token], at: int) -> Spoken | None:
    """Return the longest number that begins at this token; None if it has no number word."""
    if tokens[at].number is None and tokens[at].known.isdisjoint(v.NUMBER_WORDS):
        return None
    reader = _Reader(tokens)
    digits = reader.digit_by_digit(at)
    number = reader.number(at)
    if digits and (number is None or digits.end > number.end):
        return digits
    return number


class _Reader:
    """A recursive-descent parser of the tokens. Every method returns None if nothing fits."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens

    def number(self, at: int) -> Spoken | None:
        found = self._hundreds_in_figures(at) or self._scaled(at, v.MILLION, 1_000_000)
        found = found or self._below_million(at)
        if found is None or self._has(found.end, v.SCALES) or self._has(found.end, v.HALF):
            return None  # "ba rưỡi", "tám ba trăm": not numbers
        return found

    def _hundreds_in_figures(self, at: int) -> Spoken | None:
        """Read digits followed by words: 300 lẻ 5, 1200 linh năm."""
        figure = self._figure(at, 99_900)
        if figure is None or not figure.value or figure.value % 100 or not self._has(at + 1, v.ODD):
            return None
        digit = self._digit(at + 2, after_ten=True)
        low = self._figure(at + 2, 9)
        if digit is None and low is None:
            return None
        return Spoken(figure.value + (low.value if low else digit or 0), at + 3)

    def digit_by_digit(self, at: int) -> Spoken | None:
        """Read two or more bare digits: sáu bảy, ba năm không."""
        value, end = 0, at
        while (digit := self._digit(end, zero=True)) is not None and end - at <= _MOST_DIGITS:
            value, end = value * 10 + digit, end + 1
        if end - at < 2 or end - at > _MOST_DIGITS or self._has(end, v.SCALES | v.HALF):
            return None
        return Spoken(value, end, sure=False)

    def _below_million(self, at: int) -> Spoken | None:
        return (
            self._scaled(at, v.TEN_THOUSAND, 10_000)
            or self._scaled(at, v.THOUSAND, 1_000)
            or self._below_thousand(at)
        )

    def _below_ten_thousand(self, at: int) -> Spoken | None:
        return self._scaled(at, v.THOUSAND, 1_000) or self._below_thousand(at)

    def _scaled(self, at: int, names: frozenset[str], size: int) -> Spoken | None:
        """Read `count name rest`: một nghìn hai, nghìn rưỡi, ba nghìn linh năm."""
        count = (
            None if self._has(at, names) else (self._figure(at, 999) or self._below_thousand(at))
        )
        bare = count is None
        if count is None:
            count = Spoken(1, at)
        if not self._has(count.end, names):
            return None
        value, end = count.value * size, count.end + 1
        if self._has(end, v.HALF):
            return Spoken(value + size // 2, end + 1, count.sure)
        if self._has(end, v.ODD) and (
            low := self._below_hundred(end + 1) or self._figure(end + 1, 99)
        ):
            return Spoken(value + low.value, low.end, count.sure and low.sure)
        tail = self._tail(end, size)
        if tail is None:
            return Spoken(value, end, count.sure and not bare)
        return Spoken(value + tail.value, tail.end, count.sure and tail.sure)

    def _tail(self, at: int, size: int) -> Spoken | None:
        """Read what follows nghìn or vạn: a full number, or one digit of the next decimal place."""
        figure = self._figure(at, size - 1)
        if figure and not self._has(figure.end, v.SCALES):
            if figure.value < 10:
                return Spoken(figure.value * size // 10, figure.end)
            return Spoken(figure.value, figure.end, sure=figure.value >= size // 10)
        if size > 1000 and (lower := self._below_ten_thousand(at)):
            if lower.value < 10:
                return Spoken(lower.value * size // 10, lower.end, lower.sure)
            return lower if size < 100_000 or lower.value > 99 else None
        low = self._below_thousand(at)
        if low is None:
            return self._next_place(at, size // 10)
        words = low.end - at
        if low.value < 10 and words == 1:
            return Spoken(low.value * size // 10, low.end, self._is_clear_digit(at, low.end))
        if (
            low.value < 100
            and words == 2
            and not self._has(at, v.TEN)
            and not self._has(at + 1, v.TENS)
        ):
            return Spoken(low.value * size // 100, low.end, sure=False)  # nghìn hai lăm: 1250
        return low

    def _below_thousand(self, at: int) -> Spoken | None:
        count, end, sure = self._hundreds(at)
        if end == at:
            return self._below_hundred(at)
        value = count * 100
        if self._has(end, v.HALF):
            return Spoken(value + 50, end + 1)
        if self._has(end, v.ODD):
            digit = self._digit(end + 1, after_ten=True)
            if digit is not None:
                return Spoken(value + digit, end + 2)
            figure = self._figure(end + 1, 9)
            return Spoken(value + figure.value, figure.end) if figure else None
        low = self._after_hundred(end)
        if low:
            return Spoken(value + low.value, low.end, low.sure)
        return Spoken(value, end, sure)

    def _hundreds(self, at: int) -> tuple[int, int, bool]:
        """Return the hundreds, where they end (`at`: there are none), and whether that is sure."""
        if self._has(at, v.HUNDRED):
            return 1, at + 1, False  # "trăm" alone is doubtful; with a rest it is sure again
        digit = self._digit(at, zero=True)
        if digit is None and (figure := self._figure(at, 9)):
            digit = figure.value
        if digit is not None and self._has(at + 1, v.HUNDRED):
            return digit, at + 2, True
        return 0, at, True

    def _after_hundred(self, at: int) -> Spoken | None:
        figure = self._figure(at, 99)
        if figure and not self._has(figure.end, v.TENS):
            digit = self._digit(figure.end) if figure.value < 10 else None
            if digit is not None:  # 2 trăm 8 bảy
                return Spoken(figure.value * 10 + digit, figure.end + 1, sure=False)
            return Spoken(figure.value * 10, figure.end) if figure.value < 10 else figure
        low = self._below_hundred(at)
        if low is None:
            return self._next_place(at, 10)
        if low.end - at == 1 and low.value < 10:  # trăm hai: 120
            return Spoken(low.value * 10, low.end, self._is_clear_digit(at, low.end))
        if (
            low.end - at == 2
            and not low.sure
            and not self._is_ten(at)
            and not self._has(at + 1, v.TENS)
        ):
            return Spoken(
                low.value, low.end, self._is_clear_digit(at + 1, low.end)
            )  # ba trăm sáu bảy
        return low

    def _next_place(self, at: int, size: int) -> Spoken | None:
        """Read a short word after trăm or nghìn: ba trăm tư (340), nghìn mốt (1100)."""
        digit = self._after_ten_digit(at)
        if digit is None or self._has(at + 1, v.SCALES | v.TENS):
            return None
        token = self._tokens[at]  # typed without marks, "tu" may be "từ"
        return Spoken(digit * size, at + 1, sure=not token.unmarked or token.text == "mot")

    def _below_hundred(self, at: int) -> Spoken | None:
        fixed = self._fixed_ten(at)
        if fixed:
            return fixed
        digit = self._digit(at)
        if digit is None and (figure := self._figure(at, 9)):
            digit = figure.value
            if not self._has(at + 1, v.TENS):
                return None  # digits alone are not a number in words
        if digit is None:
            return self._lone_four(at)
        return self._after_digit(digit, at)

    def _after_digit(self, digit: int, at: int) -> Spoken:
        if self._has(at + 1, v.TENS):
            return self._with_unit(digit * 10, at + 2, mixed=True)
        if self._has(at + 1, v.TEN):  # "ba mười" for ba mươi
            found = self._with_unit(digit * 10, at + 2, mixed=True)
            return Spoken(found.value, found.end, sure=False)
        unit = self._after_ten_digit(at + 1)
        if unit is not None and digit:  # hai tư, ba lăm
            return Spoken(digit * 10 + unit, at + 2, not self._plainly_doubtful(at + 1))
        second = self._digit(at + 1)
        if second is not None and self._digit(at + 2, zero=True) is None:
            return Spoken(digit * 10 + second, at + 2, sure=False)
        return Spoken(digit, at + 1, self._is_clear_digit(at, at + 1))

    def _fixed_ten(self, at: int) -> Spoken | None:
        """Read mười, chục or hăm with the digit after it."""
        for word, tens in v.SHORT_TENS.items():
            if self._has(at, {word}) and (digit := self._digit(at + 1, after_ten=True)):
                return Spoken(tens + digit, at + 2)
        if self._is_ten(at):
            return self._with_unit(10, at + 1, mixed=False)
        if self._has(at, {"chục"}):
            if self._has(at + 1, v.HALF):
                return Spoken(15, at + 2)
            return Spoken(10, at + 1, sure=False)
        return None

    def _with_unit(self, tens: int, at: int, *, mixed: bool) -> Spoken:
        if mixed and self._has(at - 1, {"chục"}) and self._has(at, v.HALF):
            return Spoken(tens + 5, at + 1)
        digit = self._digit(at, after_ten=True)
        if digit and not self._has(at + 1, v.HUNDRED):
            five = self._has(at, {"năm"}) and not self._has(at, {"lăm", "nhăm"})  # mười năm
            return Spoken(tens + digit, at + 1, sure=not five)
        figure = self._figure(at, 9)
        if figure and figure.value:
            return Spoken(tens + figure.value, figure.end)
        return Spoken(tens, at)

    def _lone_four(self, at: int) -> Spoken | None:
        """Read "tư" before mươi or trăm, as some people write it."""
        if self._has(at, {"tư"}) and self._has(at + 1, v.TENS):
            found = self._with_unit(40, at + 2, mixed=True)
            return Spoken(found.value, found.end, sure=False)
        return None

    def _is_ten(self, at: int) -> bool:
        # Typed without marks, "muoi" is mười at the beginning of a number.
        return self._has(at, v.TEN)

    def _digit(self, at: int, *, zero: bool = False, after_ten: bool = False) -> int | None:
        if at >= len(self._tokens):
            return None
        known = self._tokens[at].known
        for word, value in v.DIGITS.items():
            if word in known and (value or zero):
                return value
        return self._after_ten_digit(at) if after_ten else None

    def _after_ten_digit(self, at: int) -> int | None:
        if at >= len(self._tokens):
            return None
        known = self._tokens[at].known
        return next((n for word, n in v.AFTER_TEN.items() if word in known), None)

    def _figure(self, at: int, most: int) -> Spoken | None:
        if at >= len(self._tokens):
            return None
        token = self._tokens[at]
        if token.number is None or token.odd or token.number > most:
            return None
        return Spoken(token.number, at + 1)

    def _has(self, at: int, words: frozenset[str] | set[str]) -> bool:
        return 0 <= at < len(self._tokens) and not words.isdisjoint(self._tokens[at].known)

    def _plainly_doubtful(self, at: int) -> bool:
        """Return whether it is "tu", "lam" or "dam" without marks, which is often another word."""
        token = self._tokens[at]
        return token.unmarked and "dăm" in token.known and "lăm" not in token.known

    def _is_clear_digit(self, at: int, end: int) -> bool:
        """Return whether it is not the "nam" that ends a number without marks (năm, or men)."""
        token = self._tokens[at]
        return not (end - at == 1 and token.unmarked and token.text == "nam")
