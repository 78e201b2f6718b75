"""The differences between two results, for receipts and against the last round."""

from dataclasses import dataclass
from fractions import Fraction

from criteria.scoring.result import IndicatorResult, Result


@dataclass(frozen=True, slots=True)
class IndicatorChange:
    """One indicator in two results, before and after."""

    code: str
    before: IndicatorResult
    after: IndicatorResult

    @property
    def verdict_changed(self) -> bool:
        """Whether the verdict has changed."""
        return self.before.verdict is not self.after.verdict

    @property
    def difference(self) -> Fraction | None:
        """The change of the running share; None if one of the results has no share."""
        before = self.before.ratio.value if self.before.ratio else None
        after = self.after.ratio.value if self.after.ratio else None
        return None if before is None or after is None else after - before


def effect(before: Result, after: Result) -> tuple[IndicatorChange, ...]:
    """Return the indicators whose verdict or figures changed, in the order of the set."""
    return tuple(
        change
        for change in compare(before, after)
        if change.verdict_changed or change.before.figures.counts() != change.after.figures.counts()
    )


def compare(before: Result, after: Result) -> tuple[IndicatorChange, ...]:
    """Return the pairs of indicators of both results, without codes whose kind has changed."""
    earlier = {one.code: one for one in before.indicators}
    return tuple(
        IndicatorChange(one.code, earlier[one.code], one)
        for one in after.indicators
        if one.code in earlier and earlier[one.code].kind is one.kind
    )
