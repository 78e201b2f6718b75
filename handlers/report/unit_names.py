"""Units of several communes by names that differ: "Khu 1 · Xã Bến Gỗ"."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection

from handlers.report.wording import unit_text
from handlers.texts import Texts
from storage import places
from storage.places import Unit


def unit_names(tx: Connection, units: Iterable[Unit], texts: Texts) -> dict[int, str]:
    """The units' names by id, with the commune's behind where two share a name."""
    by_id = {one.id: one for one in units}
    names = {unit: unit_text(one, texts) for unit, one in by_id.items()}
    alike = Counter(names.values())
    return {
        unit: f"{name} · {places.commune(tx, by_id[unit].commune_id).name}"
        if alike[name] > 1
        else name
        for unit, name in names.items()
    }
