"""Texts of values, examples and names of units on the screens of a report."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection

from criteria.answers import CountingMethod, Value
from criteria.definition import CountedUnit, Indicator
from handlers.kinds.base import presentation_of_value
from handlers.texts import Html, Texts
from storage.places import places
from storage.places.places import Unit

_MANY, _FEW = 400, 20
_EXAMPLES = {CountedUnit.CADRES: 6, CountedUnit.BUSINESSES: 10}


def value_text(value: Value, texts: Texts, indicator: Indicator | None = None) -> Html:
    """Return a value as text: `350/400 = 87,5 %`, "Có", "Chưa có", "không có đối tượng"."""
    return presentation_of_value(value).value_text(value, texts, indicator)


def example_of(indicator: Indicator, total: int | None, texts: Texts) -> str:
    """Return two numbers as an example of a reply: `350/400`; of six cadres `5/6`.

    With a large known total the share is near no threshold, so that it suggests no answer.
    """
    whole = total or (_EXAMPLES.get(indicator.unit, _MANY) if indicator.unit else _MANY)
    part = whole * 3 // 5 if total is not None and total > _FEW else whole * 7 // 8
    return f"{texts.number(part)}/{texts.number(whole)}"


def counts_text(value: Value, texts: Texts) -> Html:
    """Return a value in the short form for a button: `350/400`, "Có"."""
    return presentation_of_value(value).counts_text(value, texts)


def with_how(value: Html, how: CountingMethod | None, texts: Texts) -> Html:
    """Return the value's text with its counting method, if there is one."""
    if how is None:
        return value
    return texts.say("how.value", value=value, how=texts.say(f"how.{how}"))


def bar(done: int, total: int) -> str:
    """Return a bar of `total` steps, `done` of them filled."""
    return "▰" * done + "▱" * (total - done)


def unit_names(tx: Connection, units: Iterable[Unit], texts: Texts) -> dict[int, str]:
    """Return the units' names by id, followed by the commune's if two have the same name."""
    by_id = {one.id: one for one in units}
    names = {unit: texts.unit(one) for unit, one in by_id.items()}
    alike = Counter(names.values())
    return {
        unit: f"{name} · {places.commune(tx, by_id[unit].commune_id).name}"
        if alike[name] > 1
        else name
        for unit, name in names.items()
    }
