"""The result of scoring: a verdict for each indicator, and the sums of groups and commune."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple

from criteria.definition import CountedUnit, KindName, RollUp
from criteria.percent import decimal_text
from criteria.scoring.facts import ConfirmedAnswer


class Verdict(StrEnum):
    """Whether an indicator reaches its threshold."""

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
    """The counts behind a verdict; each kind of indicator has its own subclass.

    `gap` is how many are still needed, in the unit of the indicator. `deciding` are the fewest
    missing units that would settle "met", if that is known.
    """

    __slots__ = ()
    gap: int | None
    deciding: tuple[int, ...]

    def counts(self) -> tuple[int, ...]:
        """Return the counts that change with an answer."""
        raise NotImplementedError

    def fields(self) -> dict[str, Any]:
        """Return the fields of `status --json` that only this kind has."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class RatioFigures(Figures):
    """The counts behind the verdict on a ratio.

    `low` and `high` are the bounds if the totals of missing units stay as expected; they are None
    if `unknown` units have no expected total. `gap` is how many are still needed over the counted
    totals. `uncovered` are the units with people not yet covered, those with most first. `deciding`
    are the fewest missing units that would settle "met" if they reported everybody. `out_of_reach`:
    even all missing units together could not settle it.
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
        """The running share; None while no person is counted."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    def counts(self) -> tuple[int, ...]:
        """Return both sums."""
        return self.numerator, self.denominator

    def fields(self) -> dict[str, Any]:
        """Return the sums as numbers, and the shares as decimal strings."""
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
    """The units behind a yes/no verdict; `needed` is how many more must answer "có"."""

    said_yes: tuple[int, ...]
    said_no: tuple[int, ...]
    unknown: int
    needed: int
    out_of_reach: bool
    # the share of the units that must answer yes, if the roll-up is a share
    share: Fraction | None = None
    gap: int | None = None
    deciding: tuple[int, ...] = ()

    def counts(self) -> tuple[int, ...]:
        """Return how many units answered yes and how many no."""
        return len(self.said_yes), len(self.said_no)

    def fields(self) -> dict[str, Any]:
        """Return how many units answered yes, no and nothing."""
        return {
            "yes": len(self.said_yes),
            "no": len(self.said_no),
            "unknown": self.unknown,
        }


class Judged(NamedTuple):
    """The verdict on the answers of the units, and the figures behind it.

    `by_totals`: it is certain only if the missing units' totals stay as expected.
    """

    verdict: Verdict
    figures: Figures
    by_totals: bool = False


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """The verdict of one indicator and its basis.

    `by_totals`: it is certain only if the missing units' totals stay as expected. `own` is the
    verdict of the units' own answers, which stays next to an officer's confirmation.
    """

    code: str
    group: str
    kind: KindName
    roll_up: RollUp
    unit: CountedUnit | None
    verdict: Verdict
    own: Verdict
    by_totals: bool
    units: tuple[int, ...]
    missing: tuple[int, ...]
    figures: Figures
    confirmation: ConfirmedAnswer | None = None

    @property
    def ratio(self) -> RatioFigures | None:
        """The figures of a ratio; None for another kind."""
        return self.figures if isinstance(self.figures, RatioFigures) else None

    @property
    def yes_no(self) -> YesNoFigures | None:
        """The figures of a yes/no indicator; None for another kind."""
        return self.figures if isinstance(self.figures, YesNoFigures) else None

    @property
    def certain(self) -> bool:
        """Whether no missing answer can change the verdict."""
        return self.verdict is not Verdict.INSUFFICIENT

    @property
    def units_in(self) -> int:
        """The number of units whose answer counts."""
        return len(self.units) - len(self.missing)


@dataclass(frozen=True, slots=True)
class GroupResult:
    """How many indicators of a group are met."""

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
        """The number of all indicators."""
        return len(self.indicators)

    @property
    def smart_commune(self) -> bool:
        """Whether every indicator is met; "not applicable" is not met."""
        return self.total > 0 and self.met == self.total

    def indicator(self, code: str) -> IndicatorResult:
        """Return the result of the indicator with this code; raise KeyError when there is none."""
        for one in self.indicators:
            if one.code == code:
                return one
        raise KeyError(code)
