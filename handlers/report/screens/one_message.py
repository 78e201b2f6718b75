"""The offer to report in one message, shown first in messengers without buttons."""

from collections.abc import Sequence

from criteria.conversation import Question
from criteria.definition import CriteriaSet
from handlers.kinds.base import presentation_of
from handlers.texts import Html, Texts


def offer(criteria: CriteriaSet, questions: Sequence[Question], texts: Texts) -> Html:
    """Return the questions by short names, and an example with the unit's own totals."""
    examples, names = [], []
    for number, one in enumerate(questions, 1):
        indicator = criteria.indicator(one.code)
        shown = presentation_of(one.kind)
        total = 0 if one.expected == 0 else one.total
        examples.append(shown.in_one_message(number, texts, total, indicator))
        names.append(f"{number} {indicator.text(texts.language).short}")
    return texts.say(
        "one_message.offer",
        count=len(questions),
        example=", ".join(examples),
        names=" · ".join(names),
    )
