"""`status --json`: the result as other programs read it."""

from typing import Any

from criteria.scoring import result_fields
from handlers.status.view import StatusView
from handlers.texts import texts_of

OFFICE = "office"


def status_fields(status: StatusView) -> dict[str, Any]:
    """The whole object; areas stand by their names, the commune's office as "office"."""
    fields = result_fields(status.result)
    for indicator in fields["indicators"]:
        indicator["deciding"] = [unit_name(status, unit) for unit in indicator["deciding"]]
    units = (*status.areas, status.facts.office)
    missing = [unit for unit in units if not status.is_in(unit)]
    return {
        "commune": status.commune,
        "round": status.round,
        "as_of": status.as_of.isoformat(),
        "reports": {
            "in": len(units) - len(missing),
            "expected": len(units),
            "missing": [unit_name(status, unit) for unit in missing],
            "office": status.state_of(status.facts.office),
        },
        **fields,
    }


def unit_name(status: StatusView, unit: int) -> str:
    """How other programs read a unit's name: the office is "office"."""
    return OFFICE if unit == status.facts.office else status.name(unit, texts_of("vi"))
