"""How each kind of indicator is shown: one class each, in the module of the kind's name."""

from importlib.util import find_spec

from criteria.kinds import registered

if without := [kind for kind in registered() if find_spec(f"{__name__}.{kind}") is None]:
    raise TypeError(f"kinds of indicators that can't be shown: {', '.join(without)}")
