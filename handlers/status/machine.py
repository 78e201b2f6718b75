"""`status --json`: the result as other programs read it."""

from typing import Any

from criteria.scoring import result_fields
from handlers.status.picture import Picture
from handlers.texts import texts_of

OFFICE = "office"


def status_fields(picture: Picture) -> dict[str, Any]:
    """The whole object; areas stand by their names, the commune's office as "office"."""
    fields = result_fields(picture.result)
    for indicator in fields["indicators"]:
        indicator["deciding"] = [unit_name(picture, unit) for unit in indicator["deciding"]]
    units = (*picture.areas, picture.facts.office)
    missing = [unit for unit in units if not picture.is_in(unit)]
    return {
        "commune": picture.commune,
        "round": picture.round,
        "as_of": picture.as_of.isoformat(),
        "reports": {
            "in": len(units) - len(missing),
            "expected": len(units),
            "missing": [unit_name(picture, unit) for unit in missing],
            "office": picture.state_of(picture.facts.office),
        },
        **fields,
    }


def unit_name(picture: Picture, unit: int) -> str:
    """How other programs read a unit's name: the office is "office"."""
    return OFFICE if unit == picture.facts.office else picture.name(unit, texts_of("vi"))
