"""How values, units and people are named on the screens of a report."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection

from criteria.answers import CountingMethod, Value
from criteria.definition import Indicator
from criteria.definition import Unit as CountedUnit
from handlers.kinds.base import presentation_of_value
from handlers.texts import Html, Texts
from storage.places import places
from storage.places.places import Unit

_MANY, _FEW = 400, 20
_EXAMPLES = {CountedUnit.CADRES: 6, CountedUnit.BUSINESSES: 10}


def value_text(value: Value, texts: Texts, indicator: Indicator | None = None) -> Html:
    """`350/400 = 87,5 %`, "Có", "Chưa có", "không có đối tượng"."""
    return presentation_of_value(value).value_text(value, texts, indicator)


def example_of(indicator: Indicator, total: int | None, texts: Texts) -> str:
    """Two numbers as an example of a reply: `350/400`; of six cadres `5/6`.

    Over a large total of the unit's own it is near no threshold: it must not suggest an answer.
    """
    whole = total or (_EXAMPLES.get(indicator.unit, _MANY) if indicator.unit else _MANY)
    part = whole * 3 // 5 if total is not None and total > _FEW else whole * 7 // 8
    return f"{texts.number(part)}/{texts.number(whole)}"


def counts_text(value: Value, texts: Texts) -> Html:
    """`350/400`, for a button; yes/no in words."""
    return presentation_of_value(value).counts_text(value, texts)


def with_how(value: Html, how: CountingMethod | None, texts: Texts) -> Html:
    """The value, and how it was come by where that was said."""
    if how is None:
        return value
    return texts.say("how.value", value=value, how=texts.say(f"how.{how}"))


def bar(done: int, total: int) -> str:
    """A bar of `total` steps, `done` of them filled."""
    return "▰" * done + "▱" * (total - done)


def unit_names(tx: Connection, units: Iterable[Unit], texts: Texts) -> dict[int, str]:
    """The units' names by id, with the commune's behind where two share a name."""
    by_id = {one.id: one for one in units}
    names = {unit: texts.unit(one) for unit, one in by_id.items()}
    alike = Counter(names.values())
    return {
        unit: f"{name} · {places.commune(tx, by_id[unit].commune_id).name}"
        if alike[name] > 1
        else name
        for unit, name in names.items()
    }
