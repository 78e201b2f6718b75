"""The steps of opening a round, together one errand: the set, its name, its days, the preview."""

from handlers.opening import asking, preview
from handlers.presses import Press
from handlers.steps import Steps


def _left(step: Press) -> Press:
    return Press("p.left", step.arguments[:1])


STEPS = Steps(
    views={
        "p.new": asking.ask_set,
        "p.name": asking.ask_name,
        "p.day": asking.ask_day,
        "p.cday": asking.ask_close,
        "p.prev": preview.preview,
    },
    deeds={"p.month": asking.choose_name, "p.open": preview.open_, "p.left": preview.leave},
    takes={
        "p.name": asking.take_name,
        "p.day": asking.take_day,
        "p.cday": asking.take_close,
    },
    asking=frozenset({"p.name", "p.day", "p.cday"}),
    leaves=dict.fromkeys(("p.new", "p.name", "p.day", "p.cday", "p.prev"), _left),
)
