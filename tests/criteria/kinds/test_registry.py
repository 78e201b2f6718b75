"""Every kind has a class, and an answer survives every place that stores it."""

import pytest

from criteria.answers import Quantity, Ratio, YesNo
from criteria.definition import KindName
from criteria.kinds import base, kind_of, kind_of_value, registered
from handlers.kinds.base import presentation_of

VALUES = [Ratio(350, 400), Ratio(0, 0), YesNo(True), YesNo(False), Quantity(0), Quantity(7)]


def test_every_kind_of_indicator_has_a_class_and_a_screen():
    assert set(registered()) == set(KindName)
    assert [presentation_of(kind).key for kind in registered()] == list(registered())


def test_a_kind_cannot_be_registered_twice():
    with pytest.raises(TypeError, match="ratio is registered twice"):
        base.register(kind_of("ratio"))


@pytest.mark.parametrize("value", VALUES)
def test_an_answer_survives_its_columns_and_its_button(value):
    kind = kind_of_value(value)
    columns = {"numerator": None, "denominator": None, "yes": None, **kind.columns(value)}
    assert kind.restored(**columns) == value
    assert kind.completed(kind.parsed(kind.written(value)), None) == value
    assert kind.combined([value]) == value
    assert kind.fits(value)


@pytest.mark.parametrize("value", VALUES)
def test_a_kind_accepts_only_answers_of_its_own(value):
    own = kind_of_value(value)
    for kind in map(kind_of, registered()):
        assert (kind.completed(value, 400) == value) == (kind is own)
