"""An officer on the managing screen, and readers of the stored data."""

import pytest
import sqlalchemy as sa

from storage.people import people
from storage.tables import history, outbox


@pytest.fixture
async def officer(village):
    joined = await village.joined("Mai", role="officer")
    await joined.press("⚙️ Quản lý")
    return joined


@pytest.fixture
def areas_of(village):
    """The areas of the person with this name."""

    async def look(name):
        def work(tx):
            held = people.people_of_commune(tx, village.commune)
            labels = {number: label for label, number in village.areas.items()}
            return sorted(
                labels.get(one.membership.unit_id, one.membership.role)
                for one in held
                if one.person.name == name
            )

        return await village.database.read(work)

    return look


@pytest.fixture
def told(village):
    """How many notices wait for a person or were sent, by name."""

    async def look(name):
        def work(tx):
            rows = tx.execute(
                sa.select(outbox.c.id).join(people.people, people.people.c.id == outbox.c.person_id)
                .where(people.people.c.name == name, outbox.c.kind == "notice")
            )  # fmt: skip
            return len(rows.all())

        return await village.database.read(work)

    return look


@pytest.fixture
def recorded(village):
    """The entries of one kind in the history, as (person, old, new)."""

    async def look(what):
        columns = (history.c.person_id, history.c.way, history.c.old, history.c.new)
        query = sa.select(*columns).where(history.c.what == what).order_by(history.c.id)
        return await village.database.read(lambda tx: tx.execute(query).all())

    return look
