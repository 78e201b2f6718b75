"""The parts of a message: about one or more questions, about the rest, or about none."""

from dataclasses import dataclass, field

from criteria.reading.whole_report.message import TypedReport
from criteria.reading.whole_report.parts.clauses import Clause
from criteria.reading.whole_report.parts.rest import Rest


@dataclass(slots=True)
class Section:
    """The parts of the message about these questions, as spans of tokens.

    `joined`: a comma or "và" connects it to the next section. `unclear`: the answer may belong to
    another question. `differs`: the number and the name belong to different questions.
    """

    questions: tuple[int, ...]
    spans: list[tuple[int, int]] = field(default_factory=list)
    rule: str = "named_by_number"
    excepted: bool = False
    corrects: bool = False
    joined: bool = False
    unclear: bool = False
    differs: bool = False

    def take(self, start: int, end: int) -> None:
        """Add a part; join it to the previous one if only one sign is between them."""
        if self.spans and start - self.spans[-1][1] <= 1:
            start = self.spans.pop()[0]
        self.spans.append((start, end))

    def text(self, message: TypedReport) -> str:
        """Return its words."""
        return " ".join(message.part(*span) for span in self.spans)


@dataclass(slots=True)
class Parts:
    """All parts of a message; `loose` clauses are about no question."""

    sections: list[Section] = field(default_factory=list)
    rests: list[Rest] = field(default_factory=list)
    unclear_rest: bool = False
    unclear_order: bool = False  # whether answers come before or after their numbers
    loose: list[Clause] = field(default_factory=list)

    @property
    def last(self) -> Section | None:
        """The last section so far; None before the first."""
        return self.sections[-1] if self.sections else None

    @property
    def pending(self) -> Section | None:
        """The last section if it has no answer yet, else None."""
        return self.last if self.last and not self.last.spans else None
