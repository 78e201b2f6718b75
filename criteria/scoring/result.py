"""The result of scoring: a verdict for each indicator, and the sums of groups and commune."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple

from criteria.definition import Kind, RollUp, Unit
from criteria.percent import decimal_text
from criteria.scoring.facts import Confirmation


class Verdict(StrEnum):
    """Whether the threshold of an indicator is reached."""

    MET = "met"
    NOT_MET = "not_met"
    INSUFFICIENT = "insufficient"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Share:
    """A number of people (or dossiers …) of one unit."""

    unit: int
    count: int


class Figures:
    """The counts behind a verdict; each kind of indicator has its own class.

    `gap` is how many are still needed, in the unit of the indicator; `deciding` are the fewest
    missing units that would settle "met", where that is known.
    """

    __slots__ = ()
    gap: int | None
    deciding: tuple[int, ...]

    def counts(self) -> tuple[int, ...]:
        """Give the counts that change with an answer."""
        raise NotImplementedError

    def fields(self) -> dict[str, Any]:
        """Give the kind's own fields of `status --json`."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class RatioFigures(Figures):
    """The counts behind the verdict on a ratio.

    `low` and `high` are the bounds if the totals of missing units stay as expected; None if
    `unknown` units have no expected total. `gap` is how many are still needed over the counted
    totals; `uncovered` where those not yet covered are, most first. `deciding` are the fewest
    missing units that would settle "met" if they reported everybody; `out_of_reach` says that not
    even all of them could.
    """

    numerator: int
    denominator: int
    threshold: Fraction
    expected: int | None
    low: Fraction | None
    high: Fraction | None
    gap: int | None
    uncovered: tuple[Share, ...]
    unknown: tuple[int, ...]
    deciding: tuple[int, ...]
    out_of_reach: bool

    @property
    def value(self) -> Fraction | None:
        """Give the running share; None while nobody is counted."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    def counts(self) -> tuple[int, ...]:
        """Give both sums."""
        return self.numerator, self.denominator

    def fields(self) -> dict[str, Any]:
        """Give the sums, and the shares as decimal strings."""
        return {
            "numerator": self.numerator,
            "denominator": self.denominator,
            "value": decimal_text(self.value),
            "threshold": decimal_text(self.threshold),
            "gap": self.gap,
            "low": decimal_text(self.low),
            "high": decimal_text(self.high),
            "deciding": list(self.deciding),
        }


@dataclass(frozen=True, slots=True)
class YesNoFigures(Figures):
    """The units behind a yes/no verdict; `needed` is how many "có" are still needed."""

    said_yes: tuple[int, ...]
    said_no: tuple[int, ...]
    unknown: int
    needed: int
    out_of_reach: bool
    share: Fraction | None = None  # of the units that must say yes, if that is the rule
    gap: int | None = None
    deciding: tuple[int, ...] = ()

    def counts(self) -> tuple[int, ...]:
        """Give how many units said yes and no."""
        return len(self.said_yes), len(self.said_no)

    def fields(self) -> dict[str, Any]:
        """Give how many units said yes, no and nothing."""
        return {
            "yes": len(self.said_yes),
            "no": len(self.said_no),
            "unknown": self.unknown,
        }


class Judged(NamedTuple):
    """The verdict on the answers of the units, and the figures behind it.

    `by_totals`: it is certain provided the missing units' totals stay as expected.
    """

    verdict: Verdict
    figures: Figures
    by_totals: bool = False


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """One indicator's verdict and what it rests on.

    `by_totals`: it is certain provided the missing units' totals stay as expected. `own` is the
    verdict of the units' own answers, beside an officer's confirmation.
    """

    code: str
    group: str
    kind: Kind
    roll_up: RollUp
    unit: Unit | None
    verdict: Verdict
    own: Verdict
    by_totals: bool
    units: tuple[int, ...]
    missing: tuple[int, ...]
    figures: Figures
    confirmation: Confirmation | None = None

    @property
    def ratio(self) -> RatioFigures | None:
        """Give the figures of a ratio; None for another kind."""
        return self.figures if isinstance(self.figures, RatioFigures) else None

    @property
    def yes_no(self) -> YesNoFigures | None:
        """Give the figures of a yes/no; None for another kind."""
        return self.figures if isinstance(self.figures, YesNoFigures) else None

    @property
    def certain(self) -> bool:
        """Say whether no missing answer can change the verdict."""
        return self.verdict is not Verdict.INSUFFICIENT

    @property
    def units_in(self) -> int:
        """Count the units whose answer counts."""
        return len(self.units) - len(self.missing)


@dataclass(frozen=True, slots=True)
class GroupResult:
    """How much of a group is met."""

    code: str
    met: int
    total: int


@dataclass(frozen=True, slots=True)
class Result:
    """The commune's result; met + not met + open + not applicable = total."""

    indicators: tuple[IndicatorResult, ...]
    groups: tuple[GroupResult, ...]
    met: int
    not_met: int
    open: int
    not_applicable: int

    @property
    def total(self) -> int:
        """Count all indicators."""
        return len(self.indicators)

    @property
    def smart_commune(self) -> bool:
        """Say whether every indicator is met; "not applicable" is not met."""
        return self.total > 0 and self.met == self.total

    def indicator(self, code: str) -> IndicatorResult:
        """Give the indicator with this code; KeyError when there is none."""
        for one in self.indicators:
            if one.code == code:
                return one
        raise KeyError(code)
