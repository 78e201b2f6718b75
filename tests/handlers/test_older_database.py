"""A database that an older program left in the middle of a round: everything goes on.

`tests/older/database-of-901ce63.sql.gz` is the dump of a database that the program of that commit
made: Hùng (Khu 1) and Lan (Khu 2, in English) each have a question open, Mai (officer) and Sơn
(leader) have screens with buttons, rounds open automatically on the 20th, and three reminders wait
for the evening.
"""

import gzip
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from criteria.answers import Ratio
from storage.reports import reports
from storage.rounds import rounds
from storage.tables import outbox
from tests.conftest import START

DUMP = Path(__file__).parents[1] / "older" / "database-of-901ce63.sql.gz"
HUNG, LAN, MAI, SON = range(5_000_001, 5_000_005)
ROUND, COMMUNE, KHU_2 = 2, 1, 3


@pytest.fixture
async def deployment(deployment):
    """The same evening, with the present program."""
    file = deployment.settings.database_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)  # the empty one of today
    made = sqlite3.connect(file)
    made.executescript(gzip.decompress(DUMP.read_bytes()).decode())
    made.execute("DELETE FROM inbox")  # the simulated Telegram counts its updates from 1 again
    made.commit()
    made.close()
    deployment.clock.move_to(START + timedelta(hours=8))
    async with deployment.running():
        yield deployment


async def read(deployment, work):
    return await deployment.program.database.read(work)


async def test_an_open_question_accepts_its_answer(deployment):
    lan = deployment.phone("Lan", language="en", user_id=LAN)
    await lan.send("4")
    # The simulated Telegram numbers messages from 1, so hers seems older than the question.
    await lan.press("✅ Right")
    assert any("Question 3/8" in screen for screen in lan.screens)
    answers = await read(
        deployment, lambda tx: reports.answers_of(tx, reports.report_of(tx, ROUND, KHU_2).id)
    )
    assert answers["HT2"].value == Ratio(4, 5)


@pytest.mark.parametrize(
    ("who", "button", "shows"),
    [
        (MAI, "1|m.round|2", "Tháng 3/2026"),
        (MAI, "1|m.sched|1", "Ngày 20 hằng tháng"),
        (SON, "1|s.areas|2", "🏘 Theo khu"),
        (SON, "1|s.make|2|xlsx|", "chưa có số liệu nào"),
        (HUNG, "1|sum|2||0", "Khu 1"),
    ],
)
async def test_an_old_button_works(deployment, who, button, shows):
    phone = deployment.phone("X", user_id=who)
    await phone.send("/trogiup")
    await phone.press_data(button)
    assert any(shows in screen for screen in phone.screens), phone.transcript()


async def test_an_old_button_of_an_answered_question_changes_nothing(deployment):
    hung = deployment.phone("Hùng", user_id=HUNG)
    await hung.send("/trogiup")
    before = await read(deployment, lambda tx: reports.answers_of(tx, 2))
    await hung.press_data("1|ok|2|HT2|3")
    assert await read(deployment, lambda tx: reports.answers_of(tx, 2)) == before


async def test_waiting_messages_are_sent(deployment):
    hung = deployment.phone("Hùng", user_id=HUNG)
    await hung.send("/trogiup")
    await deployment.until(lambda: any("Tháng 3/2026 đã mở" in one for one in hung.screens))
    states = await read(
        deployment, lambda tx: list(tx.scalars(sa.select(outbox.c.state).order_by(outbox.c.id)))
    )
    assert "waiting" not in states[:3]


async def test_a_schedule_opens_its_round(deployment):
    deployment.clock.move_to(START + timedelta(days=18))
    await deployment.program.jobs.tick()
    await deployment.program.jobs.tick()
    await deployment.quiet()
    found = await read(deployment, lambda tx: rounds.list_rounds(tx, COMMUNE))
    assert {one.state for one in found} >= {"open", "closed"}
    assert len(found) == 3
