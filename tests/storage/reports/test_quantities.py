"""An answer that is one number, on both databases."""

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from criteria.answers import Quantity
from storage.engine.database import Database
from storage.tables import answers
from tests.storage.reports.test_reports import Filling
from tests.storage.sample import sample


async def test_a_quantity_is_stored_with_its_history(database: Database) -> None:
    def work(tx: Connection) -> None:
        f = Filling(tx, sample(tx))
        f.put("HT1", Quantity(0))
        f.put("HT1", Quantity(12))
        assert f.values == {"HT1": Quantity(12)}
        f.undo()
        f.send()
        assert f.counted == {"HT1": Quantity(0)}

    await database.write(work)


@pytest.mark.parametrize(
    "wrong",
    [
        {"numerator": None},
        {"numerator": 3, "denominator": 5},
        {"numerator": 3, "yes": True},
        {"numerator": -1},
    ],
)
async def test_the_table_refuses_what_is_not_a_number(
    database: Database, wrong: dict[str, object]
) -> None:
    def work(tx: Connection) -> None:
        f = Filling(tx, sample(tx))
        f.put("HT1", Quantity(3))
        tx.execute(sa.update(answers).values(**wrong))

    with pytest.raises(sa.exc.IntegrityError):
        await database.write(work)
