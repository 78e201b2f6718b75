"""A clock that is wrong for a while, and an outage of more than a day."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from bot.operations.check.check import check_all
from bot.sample import make_sample
from bot.service.clock import Clock
from handlers.reminders.after_outage import AGAIN
from storage.engine.database import Database
from storage.messages import inbox, outbox
from storage.people import people
from storage.personal_data import withdrawal
from storage.rounds import rounds
from tests.bot.service.test_web import free_port
from tests.conftest import START
from tests.outbox import enqueue
from tests.storage.sample import sample

AHEAD = timedelta(days=45)


class Wrong(Clock):
    """A clock that can be set forwards and back."""

    off = timedelta()

    def now(self):
        return super().now() + self.off


@pytest.fixture
def true_clock():
    return Clock(START, ticking=False)


@pytest.fixture
def clock(true_clock):
    """The clock of the machine, beside that of Telegram."""
    return Wrong(START, ticking=False)


@pytest.fixture
def world(true_clock, world):
    world.now = true_clock.now
    return world


async def round_state(town):
    found = await town.program.database.read(
        lambda tx: rounds.round_by_id(tx, town.sample.round_id)
    )
    return found.state


async def set_clock(town, off):
    """Set the clock, and let Telegram answer a call."""
    town.deployment.clock.off = off
    await town.head.send("/start")


async def test_with_a_wrong_clock_irreversible_work_waits_and_replies_go_on(town, log):
    await town.member.send("/start")
    database, program = town.program.database, town.program
    now = town.deployment.clock.now()

    def leave(tx):
        person = people.find_person(tx, "telegram", str(town.member.id))
        withdrawal.withdraw(tx, person.id, now)
        enqueue(tx, person.id, "reminder", "{}", now, not_before=now + timedelta(days=1))
        return person.id

    left = await database.write(leave)
    before = await database.read(outbox.counts)
    nights = Path(town.deployment.settings.data_dir) / "backups"
    await set_clock(town, AHEAD)
    assert "📊 Tình hình" in town.head.buttons  # replies go on
    await program.jobs.tick()
    await program.jobs.sweep()
    await program.idle()
    assert await round_state(town) == "open"
    assert (await database.read(lambda tx: people.person(tx, left))).name is not None
    assert (await database.read(outbox.counts)).get("waiting") == before["waiting"]
    assert len(list(nights.iterdir())) == 1  # a backup is made, and none is deleted
    assert "45 days ahead of Telegram's" in log.getvalue()
    assert "45 days ahead of Telegram's" in (await program.readiness.look())["clock"]
    await set_clock(town, timedelta())
    await program.jobs.tick()
    assert await round_state(town) == "open"
    assert (await program.readiness.look())["clock"] == "ok"
    assert log.getvalue().count("the clock is doubtful") == 1
    assert log.getvalue().count("the clock agrees") == 1


async def test_messages_postponed_by_a_clock_that_was_ahead_are_sent(town):
    database, program = town.program.database, town.program
    await town.officer.send("/start")
    await set_clock(town, AHEAD)
    later = town.deployment.clock.now() + timedelta(hours=12)

    def put_in(tx):
        person = people.find_person(tx, "telegram", str(town.officer.id))
        enqueue(
            tx, person.id, "notice", '{"v":1,"text":"Khu 1 đã gửi","rows":[]}',
            town.deployment.clock.now(), not_before=later,
        )  # fmt: skip

    await database.write(put_in)
    await set_clock(town, timedelta())
    await program.jobs.tick()
    await program.idle()
    assert "Khu 1 đã gửi" in town.officer.screen


async def test_readyz_and_check_report_a_wrong_clock(deployment, world, true_clock, monkeypatch):
    port = free_port()
    deployment.settings = deployment.settings.model_copy(update={"listen": ("127.0.0.1", port)})
    deployment.clock.off = AHEAD
    async with (
        deployment.running(),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        answer = await client.get("/readyz")
        assert answer.status_code == 503
        assert "45 days ahead" in answer.json()["clock"]
        (found,) = [one for one in await check_all(deployment.settings) if one.what == "running"]
        assert (found.ok, "clock: it is 45 days ahead" in found.text) == (False, True)


async def test_an_officer_can_reopen_a_round_that_a_wrong_clock_closed(town):
    """A state that an older version left."""
    now = town.deployment.clock.now()
    before = await town.program.database.write(
        lambda tx: rounds.round_by_id(tx, town.sample.round_id)
    )
    await town.program.database.write(
        lambda tx: rounds.close_round(tx, before.id, now + AHEAD, way="schedule")
    )
    await town.officer.send("/start")
    await town.officer.press("⚙️ Quản lý")
    await town.officer.press("🗓 Kỳ báo cáo")
    await town.officer.press(f"🔒 {before.name}")
    await town.officer.press("🔓 Mở lại cả kỳ")
    await town.officer.press("🕰 Mở lại: máy chốt nhầm")
    assert "Đồng hồ của máy chạy sai" in town.officer.screen
    await town.officer.press("🔓 Mở lại")
    found = await town.program.database.read(lambda tx: rounds.round_by_id(tx, before.id))
    assert (found.state, found.deadline, found.closes_at) == (
        "open", before.deadline, before.closes_at,
    )  # fmt: skip


async def test_check_names_a_round_closed_by_a_wrong_clock(deployment):
    """By the real clock, which the command uses."""
    now = datetime.now(UTC)
    async with Database(deployment.settings.database_url.get_secret_value()) as database:
        made = await database.write(sample)
        await database.write(
            lambda tx: rounds.edit(
                tx, made.round.id, now, deadline=now + AHEAD / 2, closes_at=now + AHEAD / 2
            )
        )
        await database.write(
            lambda tx: rounds.close_round(tx, made.round.id, now + AHEAD, way="schedule")
        )
    found = {one.what: one for one in await check_all(deployment.settings)}
    assert not found["rounds"].ok
    assert f"{made.round.id} closed before their end" in found["rounds"].text


# --- an outage of more than a day ---------------------------------------------------------------


async def away(deployment, true_clock, hours):
    deployment.clock.move_to(deployment.clock.now() + timedelta(hours=hours))
    true_clock.move_to(deployment.clock.now())


async def again(town):
    await town.program.jobs.tick()
    await town.program.idle()


async def test_after_a_day_offline_operators_are_told_and_open_questions_come_again(
    deployment, true_clock
):
    async with deployment.running() as program:
        made = await program.database.write(
            lambda tx: make_sample(tx, deployment.clock.now(), deployment.settings.timezone)
        )
        phones = {one.key: deployment.phone(one.name, user_id=one.id) for one in made.personas}
        for one in made.others:
            deployment.world.add_phone(one.name, user_id=one.id, shown=False)
        head, officer = phones["head"], phones["officer"]
        await officer.send("/start")
        await head.send("/start")
        await head.press("📝 Báo cáo")
        question = head.screen
        await program.jobs.tick()
    for hours, told in ((23, False), (50, True), (3, False)):
        await away(deployment, true_clock, hours)
        async with deployment.running() as program:
            await program.jobs.tick()
            await program.idle()
            await away(deployment, true_clock, 0.3)
            program.sender.wake()
            await program.idle()
        heard = [one for one in officer.screens if "mất liên lạc" in one]
        asked = [one for one in head.screens if "mất liên lạc" in one]
        assert (len(heard), len(asked)) == ((1, 1) if told or hours == 3 else (0, 0))
    # Last reached on Tuesday at 8:18; on Thursday Telegram keeps the last 24 hours.
    assert "Từ 08:18 ngày 3/3 đến 10:18 ngày 4/3" in heard[0]
    assert question.splitlines()[-1] in asked[0]
    async with deployment.running() as program:
        await head.send("350/400")
        assert "mất liên lạc" not in head.screen
        assert await program.database.read(outbox.counts)


async def test_a_worker_that_takes_over_reports_no_outage(town, true_clock):
    """It has been running for days, and another worker recorded the time."""
    program = town.program
    await again(town)
    program.active.clear()
    await program.jobs.tick()
    await away(town.deployment, true_clock, 50)
    await town.head.send("/start")
    now = town.deployment.clock.now()
    await program.database.write(lambda tx: inbox.record_contacts(tx, ["telegram"], now))
    program.contacts._moved.clear()  # nobody moved the clock: the time passed
    program.active.set()
    await again(town)
    assert "mất liên lạc" not in " ".join(town.officer.screens)
    assert await program.database.read(inbox.last_contacts) == {"telegram": now}


async def test_a_machine_that_slept_for_days_reports_the_outage(town, true_clock):
    await town.officer.send("/start")
    await again(town)
    await away(town.deployment, true_clock, 50)
    town.program.contacts._moved.clear()  # nobody moved the clock
    await again(town)
    assert any("mất liên lạc" in one for one in town.officer.screens)


async def test_a_clock_that_the_demo_moves_is_not_an_outage(town, true_clock):
    for _ in range(3):
        await again(town)
        await away(town.deployment, true_clock, 50)
    await again(town)
    kinds = await town.program.database.read(
        lambda tx: set(tx.exec_driver_sql("SELECT kind FROM outbox").scalars())
    )
    assert AGAIN not in kinds
    assert "mất liên lạc" not in " ".join(town.officer.screens)
