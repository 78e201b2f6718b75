"""The presentations of the kinds of indicators: one class in the module of the kind's name."""

from importlib.util import find_spec

from criteria.kinds import registered

if without := [kind for kind in registered() if find_spec(f"{__name__}.{kind}") is None]:
    raise TypeError(f"kinds of indicators without a presentation: {', '.join(without)}")
