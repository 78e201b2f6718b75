"""/readyz says no, with the reason, if writing, Telegram or the program has a problem."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

import httpx
import pytest
from telegram.error import RetryAfter
from telegram.request import HTTPXRequest

from bot.operations.check.check import check_all
from bot.service.clock_watch import ClockWatch
from bot.service.workers import conflict_monitor
from bot.service.workers.conflict_monitor import ConflictMonitor
from bot.simulator.faults import Fault
from bot.simulator.server import create_app, delivering
from bot.telegram import polling, webhook_watch
from bot.telegram.webhook_watch import WebhookWatch
from storage.engine import group_commit
from storage.errors import DiskFull
from tests.bot.service.test_web import GOOD, REPEATING, free_port, listening
from tests.conftest import hears


async def part(client, name):
    """The state of a part in /readyz; the status is 503 unless all are "ok"."""
    answer = await client.get("/readyz")
    state = answer.json()
    wrong = [one for one in ("program", "database", "telegram", "clock") if state[one] != "ok"]
    assert (answer.status_code, state["ready"]) == ((503, False) if wrong else (200, True))
    assert set(wrong) <= {name}
    return state[name]


# --- the database -------------------------------------------------------------------------------


async def test_a_database_that_can_only_be_read_is_not_ready(deployment):
    async with listening(deployment) as (program, client):
        await program.sender.idle()
        await program.database.write(lambda tx: tx.exec_driver_sql("PRAGMA query_only=1"))
        assert not program.database.failing  # nothing was written yet
        assert "can't be written" in await part(client, "database")
        assert not program.database.failing


async def test_a_failed_write_counts_until_one_succeeds_or_a_minute_passes(deployment, monkeypatch):
    def full(tx):
        raise DiskFull

    async with listening(deployment) as (program, client):
        for _ in range(2):
            with pytest.raises(DiskFull):
                await program.database.write(full)
            assert "last write failed" in await part(client, "database")
            assert program.database.failing  # asking does not hide the failure
            await program.database.write(lambda tx: None)
            assert await part(client, "database") == "ok"
        with pytest.raises(DiskFull):
            await program.database.write(full)
        monkeypatch.setattr(group_commit, "FAILING_SECONDS", 0.0)
        assert await part(client, "database") == "ok"
        assert program.database.failures == 3


# --- Telegram, by polling -----------------------------------------------------------------------


async def test_a_poll_that_is_refused_for_long_is_not_ready(deployment, world, monkeypatch):
    async with listening(deployment) as (_, client):
        world.faults.add(Fault("getUpdates", code=502, times=1000))
        world.updates.end_poll("cut")  # the waiting poll
        monkeypatch.setattr(polling, "STALE_SECONDS", 0.0)
        assert "no poll was answered for" in await part(client, "telegram")
        monkeypatch.setattr(polling, "STALE_SECONDS", 60.0)
        assert await part(client, "telegram") == "ok"


# --- Telegram, by webhook -----------------------------------------------------------------------


@pytest.fixture
async def hooked(deployment, monkeypatch):
    """A bot with a webhook; Telegram was asked about it once and delivers nothing yet."""
    monkeypatch.setattr(webhook_watch, "SECONDS_APART", 3600.0)
    async with listening(deployment, hook=True) as (program, client):
        await deployment.until(lambda: program.telegram.watch.trouble() is None)
        yield program, client


async def test_a_webhook_that_works_is_ready(hooked, deployment, world):
    program, client = hooked
    phone = world.add_phone("Lan")
    async with delivering(world):
        world.send_text(phone.id, "a")
        await deployment.quiet()
        await program.telegram.watch.check()
        assert (await client.get("/readyz")).json() == GOOD
        assert program.telegram.watch.age < 60


async def test_the_bot_is_not_ready_before_the_first_call_to_telegram(deployment, world):
    world.faults.add(Fault("getWebhookInfo", code=500, times=1000))
    async with listening(deployment, hook=True) as (_, client):
        assert "hasn't reported" in await part(client, "telegram")


async def test_a_bot_whose_webhook_was_removed_is_not_ready(hooked, world):
    program, client = hooked
    for address in ("", "https://elsewhere.example/hook"):
        world.webhook.url = address
        await program.telegram.watch.check()
        said = await part(client, "telegram")
        assert "another address, or taken away" in said
        assert "elsewhere" not in said


async def test_the_bot_is_not_ready_while_telegram_cannot_deliver(hooked, deployment, world):
    program, client = hooked
    phone, right = world.add_phone("Lan"), world.webhook.secret
    world.webhook.secret = "wrong"
    async with delivering(world):
        world.send_text(phone.id, "a")
        await deployment.until(lambda: world.webhook.last_error)
        await program.telegram.watch.check()
        assert "1 updates wait: Wrong response" in await part(client, "telegram")
        world.webhook.secret = right
        await deployment.quiet()
        await program.telegram.watch.check()
        assert await part(client, "telegram") == "ok"  # everything was delivered since


async def test_old_errors_and_resolved_ones_are_not_a_problem(deployment, world):
    phone = world.add_phone("Lan")
    async with listening(deployment, hook=True) as (program, _):
        old = world.now() - timedelta(hours=1)
        world.webhook.last_error, world.webhook.last_error_at = "503", int(old.timestamp())
        alone = ConflictMonitor(lambda: None, forgiven=0)
        watch = WebhookWatch(
            program.telegram.bot, deployment.settings.webhook_url, alone, asyncio.Event().wait
        )
        await watch.check()
        world.send_text(phone.id, "a")  # on its way
        await watch.check()
        assert watch.trouble() is None
        world.webhook.last_error_at += 60
        await watch.check()
        assert "can't deliver, 1 updates wait: 503" in watch.trouble()
        watch.called()  # delivered at the second try; another one is on its way
        await watch.check()
        assert watch.trouble() is None


async def test_the_bot_is_not_ready_while_updates_wait_without_a_call(hooked, world):
    program, client = hooked
    phone = world.add_phone("Lan")
    world.send_text(phone.id, "a")
    await program.telegram.watch.check()
    assert await part(client, "telegram") == "ok"  # possibly on its way
    await program.telegram.watch.check()
    assert "1 updates wait at Telegram, and it doesn't call" in await part(client, "telegram")


async def test_the_bot_is_not_ready_while_more_and_more_updates_wait(hooked, world):
    program, client = hooked
    phone = world.add_phone("Lan")
    for _ in range(3):
        for number in range(20):
            world.send_text(phone.id, f"{number}")
        program.telegram.watch.called()  # some are delivered, but not enough
        await program.telegram.watch.check()
    assert "60 updates wait at Telegram, more each minute" in await part(client, "telegram")


async def test_the_bot_is_not_ready_when_telegram_is_unreachable_for_long(
    hooked, world, monkeypatch
):
    program, client = hooked
    world.faults.add(Fault("getWebhookInfo", code=500))
    await program.telegram.watch.check()
    assert await part(client, "telegram") == "ok"  # only for a short time
    monkeypatch.setattr(webhook_watch, "STALE_SECONDS", -1.0)
    assert "wasn't reached" in await part(client, "telegram")


async def test_the_log_says_once_that_nothing_arrives_and_once_that_updates_arrive(
    deployment, world, log, monkeypatch
):
    monkeypatch.setattr(webhook_watch, "SECONDS_APART", 0.01)
    monkeypatch.setattr(conflict_monitor, "SECONDS_TO_SERVICE", 0.0)
    monkeypatch.setattr(conflict_monitor, "LASTING_SECONDS", 0.0)
    async with listening(deployment, hook=True) as (program, _):
        await deployment.until(lambda: program.telegram.watch.trouble() is None)
        world.faults.add(Fault("setWebhook", code=500, times=4))  # it cannot be set again yet
        world.webhook.url = "https://elsewhere.example/"
        await deployment.until(lambda: "updates arrive again" in log.getvalue())
    assert log.getvalue().count("the webhook's updates don't arrive") == 1


# --- Telegram asks to wait ---------------------------------------------------------------------


async def test_readyz_check_and_the_log_report_a_pause_of_all_for_an_hour(deployment, log):
    async with listening(deployment) as (program, client):
        limiter = program.telegram.channel._limiter
        for chat in ("1", "2"):
            with pytest.raises(RetryAfter):
                await limiter.make_call("sendMessage", told_to_wait_an_hour, chat)
        assert "refuses all messages for another 3600 s" in await part(client, "telegram")
        assert (await client.get("/readyz")).json()["told_to_wait"] == [
            "all messages for another 3600 seconds",
            "sendMessage (chats: 2) for another 3600 seconds",
        ]
        found = {one.what: one for one in await check_all(deployment.settings)}
        assert not found["told to wait"].ok
        assert "all messages for another" in found["told to wait"].text
        assert not found["running"].ok
    assert '"waits": "everything"' in log.getvalue()
    assert "error" in log.getvalue()


async def test_a_method_refused_for_an_hour_is_reported_and_the_bot_is_ready(deployment):
    async with listening(deployment) as (program, client):
        limiter = program.telegram.channel._limiter
        with pytest.raises(RetryAfter):
            await limiter.make_call("setMyCommands", told_to_wait_an_hour, None)
        assert await part(client, "telegram") == "ok"
        assert (await client.get("/readyz")).json()["told_to_wait"] == [
            "setMyCommands for another 3600 seconds"
        ]
        assert "setMyCommands" in (await running_says(deployment)).text
    found = {one.what: one for one in await check_all(deployment.settings)}  # no bot runs
    assert "setMyCommands for another" in found["told to wait"].text


async def told_to_wait_an_hour():
    raise RetryAfter(3600)


# --- the program --------------------------------------------------------------------------------


class Gate(HTTPXRequest):
    """A request that blocks all messages until it is opened."""

    def __init__(self, app, watch):
        transport = httpx.ASGITransport(app=app)
        super().__init__(httpx_kwargs={"transport": transport, "event_hooks": hears(watch)})
        self.open = asyncio.Event()

    async def do_request(self, url, *given, **more):
        if url.endswith("/sendMessage"):
            await self.open.wait()
        return await super().do_request(url, *given, **more)


@pytest.mark.parametrize("hook", [False, True])
async def test_a_stopping_bot_is_not_ready_and_accepts_no_updates(deployment, world, hook):
    phone, port = world.add_phone("Lan"), free_port()
    address = f"http://127.0.0.1:{port}"
    given = {"listen": ("127.0.0.1", port), "webhook_url": f"{address}/hook" if hook else None}
    deployment.settings = deployment.settings.model_copy(update=given)
    watch, running = ClockWatch(deployment.clock), AsyncExitStack()
    gate = Gate(create_app(world), watch)
    program = await running.enter_async_context(
        deployment.running(conversation=REPEATING, request=gate, watch=watch)
    )
    async with delivering(world), httpx.AsyncClient(base_url=address) as client:
        world.send_text(phone.id, "a")
        await deployment.until(lambda: program.dispatcher._chats)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(running.aclose())
            await deployment.until(lambda: program.readiness.stopping)
            assert await part(client, "program") == "it is stopping"
            if hook:
                headers = {"X-Telegram-Bot-Api-Secret-Token": deployment.settings.secret}
                refused = await client.post("/hook", json={"update_id": 1}, headers=headers)
                assert refused.status_code == 503
            gate.open.set()
    assert [e.message["text"] for e in phone.entries.values() if not e.mine] == ["heard a"]


# --- `check` beside the running bot -------------------------------------------------------------


async def running_says(deployment):
    return next(
        one for one in await check_all(deployment.settings) if one.what in {"running", "port"}
    )


async def test_check_asks_the_running_bot(deployment, monkeypatch):
    async with listening(deployment):
        found = await running_says(deployment)
        assert (found.what, found.ok, found.text) == ("running", True, "the bot runs and is ready")
        monkeypatch.setattr(polling, "STALE_SECONDS", -1.0)
        found = await running_says(deployment)
        assert not found.ok
        assert "isn't ready: telegram: no poll was answered" in found.text


async def test_check_prints_no_password_of_a_url(deployment):
    given = {"telegram_api_url": "http://ha:geheim@telegram.test", "webhook_url": None}
    deployment.settings = deployment.settings.model_copy(update=given)
    found = await check_all(deployment.settings)
    assert any("telegram.test" in one.text for one in found)
    assert not any("geheim" in one.text for one in found)
