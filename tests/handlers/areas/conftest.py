"""An officer on the list of areas, and readers of the stored data."""

import pytest

from storage import history
from storage.places import places
from storage.reports import reports


@pytest.fixture
async def officer(village):
    joined = await village.joined("Mai", role="officer")
    await joined.press("⚙️ Quản lý")
    await joined.press("🏘 Khu")
    return joined


@pytest.fixture
def figures(village):
    """The figures of an area."""

    async def look(area):
        unit = village.areas[area]
        return await village.database.read(lambda tx: places.figures_of(tx, unit))

    return look


@pytest.fixture
def areas(village):
    """All areas of the commune by name, also former ones."""

    async def look():
        found = await village.database.read(lambda tx: places.units_of(tx, village.commune))
        return {one.label: one for one in found}

    return look


@pytest.fixture
def changes(village):
    """The history of an area, the newest first: (what, person, new)."""

    async def look(area):
        unit = village.areas[area]
        found = await village.database.read(lambda tx: history.history_of_unit(tx, unit))
        return [(one.what, one.name, one.new) for one in found]

    return look


@pytest.fixture
def marks(village):
    """The totals of the commune beside the answers of an area, by indicator."""

    async def look(area):
        def work(tx):
            report = reports.report_of(tx, village.round, village.areas[area])
            return {k: one.commune_total for k, one in reports.answers_of(tx, report.id).items()}

        return await village.database.read(work)

    return look
