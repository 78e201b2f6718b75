"""What the reading of a reply gives: a clear value, one to confirm, a request, or a command."""

from dataclasses import dataclass
from typing import Literal

from criteria.answers import Ratio, YesNo

YES, NO = YesNo(True), YesNo(False)
LONGEST_REPLY = 600  # characters; longer texts are forwarded news, not answers

Kind = Literal["ratio", "count", "yes_no"]
Outcome = Literal["value", "confirm", "ask", "command"]
Command = Literal[
    "skip",  # stays missing, asked again before the summary
    "unknown",  # stays missing, not asked again
    "same",  # as last time
    "back",  # moves only
    "undo",  # restores the previous value
    "done",  # opens the summary
    "send",  # opens the summary; only a second one sends
    "cancel",  # leaves the sub-screen, deletes nothing
    "edit",  # `question` and `reply` say which and what
    "help",
    "difficulty",  # `reply` holds what stands in the way, when it was said in the same breath
    "fix_total",  # "sửa tổng số"; `reply` may hold the new total
]
Reason = Literal[
    "empty",  # nothing that can be read: no text, only signs or pictures
    "too_long",  # more text than a reply has
    "not_understood",  # words that say neither a number nor yes or no
    "number_expected",  # "có rồi" where a number was asked
    "yes_no_expected",  # a number where yes or no was asked
    "negative",  # a number below zero
    "decimal",  # 1.23: no count, and no thousands either
    "too_large",  # above what one unit can have
    "phone",  # a telephone number
    "date_or_time",  # 12/5/2026, 8h30
    "percent_only",  # a share without its two counts
    "percent_differs",  # confirm: the percentage written beside is another one
    "half",  # "một nửa": of what?
    "vague",  # hơn, gần, mấy trăm, nhiều
    "range",  # from … to …
    "arithmetic",  # thêm 5, tăng 10
    "complement",  # who has NOT was counted
    "only_total",  # the total without the part
    "over_total",  # the part is larger than the total
    "unit_mixed",  # hộ against khẩu
    "several_numbers",  # more numbers than a share has
    "other_time",  # kỳ trước 340, nay 350: which one is meant?
    "elsewhere",  # 350 của khu bên
    "another_area",  # confirm: "khu 2: 350" in the report of Khu 1
    "approximate",  # confirm: khoảng, tầm
    "swapped",  # confirm: the total stood first
    "loose_pair",  # confirm: two numbers, nothing that says they are a share
    "odd_spelling",  # confirm: l2, 3O, 287\331, sáu bảy
    "everybody",  # confirm: cả khu, đủ cả, 100%
    "nobody",  # confirm: "không có" may be 0 or "no figure"
    "not_applicable",  # confirm: không có đối tượng, 0/0
    "asked_back",  # confirm: a number with a question mark
    "other_words",  # confirm: a number or yes/no among words that were not understood
    "short_no",  # confirm: k, 0
    "not_yet",  # confirm: sắp có
    "hedged",  # hình như có (confirm), lúc có lúc không (ask)
    "contradictory",  # có nhưng chưa dùng
    "weak_yes",  # confirm: đủ rồi, ok, 👍
]


@dataclass(frozen=True, slots=True)
class All:
    """Everybody: the numerator equals the denominator, whatever that is."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a reply was read. `value` is set for "value" and "confirm", `command` for "command"."""

    outcome: Outcome
    value: Ratio | int | YesNo | All | None = None
    command: Command | None = None
    question: int | None = None
    reply: str | None = None
    reason: Reason | None = None

    @property
    def text_form(self) -> str:
        """The reading in one word: "350/400", "350", "yes", "no", "all", the command, or ""."""
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
    """Not usable: say why and ask again."""
    return Reading("ask", reason=reason)


def confirm(value: Ratio | int | YesNo | All, reason: Reason) -> Reading:
    """One likely reading: say it and ask."""
    return Reading("confirm", value=value, reason=reason)


def clear(value: Ratio | int | YesNo) -> Reading:
    """A clear value."""
    return Reading("value", value=value)


def commanded(command: Command, reply: str | None = None, question: int | None = None) -> Reading:
    """A command word."""
    return Reading("command", command=command, question=question, reply=reply)
