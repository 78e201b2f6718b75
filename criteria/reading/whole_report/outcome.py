"""What the reading of a whole report gives: an answer for each question that it names."""

from dataclasses import dataclass
from typing import Literal

from criteria.answers import Ratio, YesNo
from criteria.reading.outcome import All, Command, Reason

ReportOutcome = Literal[
    "report",  # several answers whose questions are clear, or a word about all the rest
    "single",  # about one question: the present one, or the one that is named
    "ask",  # plainly several answers, but not which belongs to which question
    "command",  # nothing but a command word
]
AnswerOutcome = Literal["value", "confirm", "ask"]
Standing = Literal["same", "skip", "unknown"]  # a command that stands for an answer
ReportReason = (
    Reason
    | Literal[
        "no_answer",  # the question is named and nothing is said of it
        "no_such_question",  # câu 9 of eight
        "two_answers",  # the question is named twice, with two answers
        "corrected",  # confirm: the later of two answers, after "à nhầm"
        "another_name",  # the number is one question's, the name another's
        "several_questions",  # one number for two questions
        "in_order",  # confirm: unnamed, counted off in the order of the questions
    ]
)


@dataclass(frozen=True, slots=True)
class ReportAnswer:
    """What a report says of one question.

    `value` or `standing` is set for "value" and "confirm". `number` is the question's as the person
    counts, `text` the part of the message that was read, `rules` say how.
    """

    number: int
    outcome: AnswerOutcome
    value: Ratio | int | YesNo | All | None = None
    standing: Standing | None = None
    reason: ReportReason | None = None
    text: str = ""
    rules: tuple[str, ...] = ()

    @property
    def text_form(self) -> str:
        """In one word: "350/400", "350", "all", "none", "yes", "no", "same", …; "" where asked."""
        match self.value:
            case Ratio(0, 0):
                return "none"
            case Ratio(numerator, denominator):
                return f"{numerator}/{denominator}"
            case YesNo(yes):
                return "yes" if yes else "no"
            case All():
                return "all"
            case int(number):
                return str(number)
            case None:
                return self.standing or ""

    @property
    def said(self) -> Ratio | int | YesNo | All | Standing | None:
        """The value or what stands for one; `None` where it must be asked."""
        return self.value if self.value is not None else self.standing


@dataclass(frozen=True, slots=True)
class ReportReading:
    """How a message is read as a whole report.

    `answers` stand in the order of the message, each question once. `rest` is what is said of all
    questions without an answer, `unread` holds what looks like an answer and is nobody's.
    """

    outcome: ReportOutcome
    answers: tuple[ReportAnswer, ...] = ()
    rest: Standing | None = None
    command: Command | None = None
    unread: tuple[str, ...] = ()

    def answer(self, number: int) -> ReportAnswer | None:
        """The answer to this question, if there is one."""
        return next((one for one in self.answers if one.number == number), None)
