"""The steps of opening a round, together one errand: the set, its name, its days, the preview."""

from handlers.flow.legacy import Steps
from handlers.flow.press import Press
from handlers.rounds.opening import preview, questions


def _left(step: Press) -> Press:
    return Press("p.left", step.arguments[:1])


STEPS = Steps(
    views={
        "p.new": questions.ask_set,
        "p.name": questions.ask_name,
        "p.day": questions.ask_day,
        "p.cday": questions.ask_close,
        "p.prev": preview.preview,
    },
    deeds={"p.month": questions.choose_name, "p.open": preview.open_, "p.left": preview.leave},
    takes={
        "p.name": questions.take_name,
        "p.day": questions.take_day,
        "p.cday": questions.take_close,
    },
    asking=frozenset({"p.name", "p.day", "p.cday"}),
    leaves=dict.fromkeys(("p.new", "p.name", "p.day", "p.cday", "p.prev"), _left),
)
