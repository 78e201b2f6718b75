"""Two programs with one token: the one in service goes on, the newcomer ends."""

import asyncio
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest

from bot.service.exit_error import ANOTHER_POLLER, ExitError
from bot.service.workers import conflict_monitor
from bot.simulator.refusal import ApiRefusal
from bot.simulator.telegram import updates as update_queue
from bot.simulator.telegram.world import World
from bot.telegram import polling, webhook_watch
from handlers.texts import texts_of
from storage.people import people
from tests.bot.operations.test_readiness import part
from tests.bot.service.test_web import REPEATING, listening
from tests.conftest import Deployment


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch):
    monkeypatch.setattr(polling, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(update_queue, "CONFLICTS_APART", 0.0)
    monkeypatch.setattr(webhook_watch, "SECONDS_APART", 0.01)


@pytest.fixture
def at_once(monkeypatch):
    """A program that was alone for one poll is in service."""
    monkeypatch.setattr(conflict_monitor, "SECONDS_TO_SERVICE", 0.0)


@asynccontextmanager
async def rival(world: World):
    """Another program polls, and starts again after each conflict; gives how often it did."""
    ended = []

    async def poll():
        while True:
            try:
                await world.updates.poll(0, 1, 30)
            except ApiRefusal:
                ended.append(1)

    polling = asyncio.ensure_future(poll())
    try:
        yield ended
    finally:
        polling.cancel()
        await asyncio.wait([polling])


def answers(phone):
    return [entry.message["text"] for entry in phone.entries.values() if not entry.mine]


async def test_the_bot_in_service_goes_on_and_reports_the_conflict_everywhere(
    deployment, world, log, clock, at_once, monkeypatch
):
    operator, lan = world.add_phone("Tuấn"), world.add_phone("Lan")
    operator.started = True

    def join(tx):
        people.add_person(
            tx, bot="telegram", address=str(operator.id), name="Tuấn", handle=None,
            language="vi", consent_version="1", now=clock.now(),
        )  # fmt: skip

    async with listening(deployment, operator_ids=frozenset({str(operator.id)})) as (
        program,
        client,
    ):
        await program.database.write(join)
        world.start(lan.id)
        await deployment.quiet()  # a successful poll
        async with rival(world) as ended:
            await deployment.until(lambda: len(ended) > 5)
            assert "another program takes this bot's messages" in await part(client, "telegram")
            await deployment.until(lambda: answers(operator))
        assert not program.crashed.done()
        assert answers(operator) == [texts_of("vi").say("operating.rival")]
        assert log.getvalue().count('"another program takes') == 1  # not at each check
        world.send_text(lan.id, "a")
        await deployment.until(lambda: "heard a" in answers(lan))
        monkeypatch.setattr(conflict_monitor, "LASTING_SECONDS", 0.0)
        assert await part(client, "telegram") == "ok"


async def test_a_newcomer_tolerates_one_conflict_and_ends_at_the_second(deployment, world):
    async with deployment.running(conversation=REPEATING) as program:
        await deployment.until(lambda: world.updates.polling)
        world.updates.end_poll("terminated by other getUpdates request")
        phone = world.add_phone("Lan")
        world.start(phone.id)
        await deployment.quiet()
        assert answers(phone) == ["heard /start"]
        assert not program.crashed.done()
        async with rival(world):
            ending = await asyncio.wait_for(program.crashed, 10)
    assert (ending.code, "Another program" in str(ending)) == (ANOTHER_POLLER, True)


def test_a_bot_alone_for_long_with_failing_polls_is_a_newcomer(monkeypatch):
    monkeypatch.setattr(conflict_monitor, "SECONDS_TO_SERVICE", 10.0)
    now = 0.0
    monkeypatch.setattr(conflict_monitor, "time", SimpleNamespace(monotonic=lambda: now))
    one = conflict_monitor.ConflictMonitor(lambda: None, forgiven=0)
    one.succeeded(began=0.0)
    one.failed()  # Telegram was unreachable for a while
    now = 11.0
    one.succeeded(began=now)
    with pytest.raises(ExitError):
        one.conflicted()


async def test_of_two_bots_the_newcomer_ends_and_the_other_loses_nothing(
    deployment, world, clock, tmp_path, monkeypatch
):
    phone = world.add_phone("Lan")
    async with deployment.running(conversation=REPEATING) as first:
        monkeypatch.setattr(conflict_monitor, "SECONDS_TO_SERVICE", 0.0)
        world.start(phone.id)
        await deployment.quiet()
        monkeypatch.setattr(conflict_monitor, "SECONDS_TO_SERVICE", 60.0)
        elsewhere = deployment.settings.model_copy(
            update={
                "database_url": type(deployment.settings.database_url)(
                    f"sqlite+aiosqlite:///{tmp_path}/elsewhere.db"
                ),
                "data_dir": tmp_path / "elsewhere",
            }
        )
        async with Deployment(world, clock, elsewhere).running(conversation=REPEATING) as second:
            ending = await asyncio.wait_for(second.crashed, 10)
        assert ending.code == ANOTHER_POLLER
        assert not first.crashed.done()
        world.send_text(phone.id, "a")
        await deployment.until(lambda: answers(phone) == ["heard /start", "heard a"])


async def test_a_webhook_that_another_program_changed_is_set_again(deployment, world, at_once):
    async with listening(deployment, hook=True) as (program, client):
        await deployment.until(lambda: program.telegram.watch.trouble() is None)
        for address in ("", "https://elsewhere.example/hook"):
            world.webhook.url = address
            await deployment.until(lambda: world.webhook.url == deployment.settings.webhook_url)
        assert not program.crashed.done()
        await deployment.until(
            lambda: "another program" in (program.telegram.watch.trouble() or "")
        )
        assert (await client.get("/readyz")).status_code == 503


async def test_a_newcomer_whose_webhook_is_changed_ends(deployment, world):
    async with listening(deployment, hook=True) as (program, _):
        await deployment.until(lambda: program.telegram.watch.trouble() is None)
        world.webhook.url = "https://elsewhere.example/hook"
        ending = await asyncio.wait_for(program.crashed, 10)
    assert ending.code == ANOTHER_POLLER
    assert world.webhook.url == "https://elsewhere.example/hook"
