"""The outcome of reading a reply: a clear value, a value to confirm, a question, or a command."""

from dataclasses import dataclass
from typing import Literal

from criteria.answers import Ratio, YesNo

YES, NO = YesNo(True), YesNo(False)
LONGEST_REPLY = 600  # characters; longer texts are forwarded news and not answers

Kind = Literal["ratio", "count", "yes_no"]
Outcome = Literal["value", "confirm", "ask", "command"]
Command = Literal[
    "skip",  # the question stays unanswered and is asked again before the summary
    "unknown",  # the question stays unanswered and is not asked again
    "same",  # the value of the last round
    "back",  # only moves
    "undo",  # restores the previous value
    "done",  # opens the summary
    "send",  # opens the summary; only a second "send" sends the report
    "cancel",  # leaves the screen, deletes nothing
    "edit",  # `question` has the number of the question, `reply` the new answer
    "help",
    "difficulty",  # `reply` has the text of the difficulty, if it is in the same message
    "fix_total",  # "sửa tổng số"; `reply` may have the new total
]
Reason = Literal[
    "empty",  # nothing to read: no text, only signs or emojis
    "too_long",  # the text is too long for a reply
    "not_understood",  # words without a number, a yes or a no
    "number_expected",  # "có rồi" where a number was asked
    "yes_no_expected",  # a number where yes or no was asked
    "negative",  # a number below zero
    "decimal",  # 1.23: neither a count nor thousands
    "too_large",  # larger than a unit can have
    "phone",  # a telephone number
    "date_or_time",  # 12/5/2026, 8h30
    "percent_only",  # a percentage without its two counts
    "percent_differs",  # confirm: the percentage in the reply does not fit the counts
    "half",  # "một nửa": it is not known of what
    "vague",  # hơn, gần, mấy trăm, nhiều
    "range",  # from … to …
    "arithmetic",  # thêm 5, tăng 10
    "complement",  # the people who do NOT have it were counted
    "only_total",  # the total without the count
    "over_total",  # the count is larger than the total
    "unit_mixed",  # hộ against khẩu
    "several_numbers",  # more than two numbers
    "other_time",  # kỳ trước 340, nay 350: it is not clear which one counts
    "elsewhere",  # 350 của khu bên
    "another_area",  # confirm: "khu 2: 350" in the report of Khu 1
    "approximate",  # confirm: khoảng, tầm
    "swapped",  # confirm: the total came first
    "loose_pair",  # confirm: two numbers, and no word says that they are a share
    "odd_spelling",  # confirm: l2, 3O, 287\331, sáu bảy
    "everybody",  # confirm: cả khu, đủ cả, 100%
    "nobody",  # confirm: "không có" may be 0 or "no figure"
    "not_applicable",  # confirm: không có đối tượng, 0/0
    "asked_back",  # confirm: a number with a question mark
    "other_words",  # confirm: a number or yes/no among unknown words
    "short_no",  # confirm: k, 0
    "not_yet",  # confirm: sắp có
    "hedged",  # hình như có (confirm), lúc có lúc không (ask)
    "contradictory",  # có nhưng chưa dùng
    "weak_yes",  # confirm: đủ rồi, ok, 👍
]


@dataclass(frozen=True, slots=True)
class All:
    """Everybody: the numerator equals the denominator, even if the denominator is unknown."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The reading of a reply. `value` is set for "value" and "confirm", `command` for "command"."""

    outcome: Outcome
    value: Ratio | int | YesNo | All | None = None
    command: Command | None = None
    question: int | None = None
    reply: str | None = None
    reason: Reason | None = None

    @property
    def text_form(self) -> str:
        """The reading as one word: "350/400", "350", "yes", "no", "all", the command, or ""."""
        match self.value:
            case Ratio(numerator, denominator):
                return f"{numerator}/{denominator}"
            case YesNo(yes):
                return "yes" if yes else "no"
            case All():
                return "all"
            case int(number):
                return str(number)
            case None:
                return self.command or ""


def ask(reason: Reason) -> Reading:
    """Return a reading that is not usable. The person is told the reason and asked again."""
    return Reading("ask", reason=reason)


def confirm(value: Ratio | int | YesNo | All, reason: Reason) -> Reading:
    """Return a likely reading. It is shown to the person, who confirms it."""
    return Reading("confirm", value=value, reason=reason)


def clear(value: Ratio | int | YesNo) -> Reading:
    """Return a reading with a clear value."""
    return Reading("value", value=value)


def commanded(command: Command, reply: str | None = None, question: int | None = None) -> Reading:
    """Return a reading of a command."""
    return Reading("command", command=command, question=question, reply=reply)
