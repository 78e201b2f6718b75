"""The kinds of indicators: one class each, registered by importing its module here."""

from criteria.definition import KindName
from criteria.kinds import quantity, ratio, yes_no  # noqa: F401 - each registers itself
from criteria.kinds.base import IndicatorKind, Proposal, kind_of, kind_of_value, registered

__all__ = ["IndicatorKind", "Proposal", "kind_of", "kind_of_value", "registered"]

if without := set(KindName) - set(registered()):
    raise TypeError(f"kinds of indicators without a class: {', '.join(sorted(without))}")
