"""The outcome of reading a whole report: an answer for each question that it names."""

from dataclasses import dataclass
from typing import Literal

from criteria.answers import Ratio, YesNo
from criteria.reading.outcome import All, Command, Reason

ReportOutcome = Literal[
    "report",  # several answers with clear questions, or a command for the rest
    "single",  # about one question: the present one, or a named one
    "ask",  # clearly several answers, but their questions are unclear
    "command",  # only a command
]
AnswerOutcome = Literal["value", "confirm", "ask"]
AnswerCommand = Literal["same", "skip", "unknown"]  # a command instead of an answer
ReportReason = (
    Reason
    | Literal[
        "no_answer",  # the question is named without an answer
        "no_such_question",  # the question does not exist: câu 9 of eight
        "two_answers",  # the question is named twice, with two different answers
        "corrected",  # confirm: the later of two answers, after "à nhầm"
        "another_name",  # the number and the name belong to different questions
        "several_questions",  # one number for two questions
        "in_order",  # confirm: answers without names, matched in the order of the questions
    ]
)


@dataclass(frozen=True, slots=True)
class ReportAnswer:
    """What a report answers to one question.

    `value` or `command` is set for "value" and "confirm". `number` is the number of the question
    as the person counts, `text` the part of the message, `rules` the rules that decided.
    """

    number: int
    outcome: AnswerOutcome
    value: Ratio | int | YesNo | All | None = None
    command: AnswerCommand | None = None
    reason: ReportReason | None = None
    text: str = ""
    rules: tuple[str, ...] = ()

    @property
    def text_form(self) -> str:
        """The answer as one word: "350/400", "350", "all", "none", "yes", "no", "same", … or ""."""
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
                return self.command or ""

    @property
    def content(self) -> Ratio | int | YesNo | All | AnswerCommand | None:
        """The value or the command instead of it; None if the question must be asked."""
        return self.value if self.value is not None else self.command


@dataclass(frozen=True, slots=True)
class ReportReading:
    """The reading of a message as a whole report.

    `answers` are in the order of the message, each question once. `rest` is the command for all
    questions without an answer. `unread` has text that looks like an answer to no question.
    """

    outcome: ReportOutcome
    answers: tuple[ReportAnswer, ...] = ()
    rest: AnswerCommand | None = None
    command: Command | None = None
    unread: tuple[str, ...] = ()

    def answer(self, number: int) -> ReportAnswer | None:
        """Return the answer to this question; None if there is none."""
        return next((one for one in self.answers if one.number == number), None)
