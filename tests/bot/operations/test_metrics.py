"""/metrics counts what was received, stored, sent and refused; it has no personal data."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.operations.metrics import Metrics
from bot.simulator.faults import Fault
from bot.telegram.limiter import outcome_of
from storage.database_statistics import database_statistics
from storage.engine.database import Database
from storage.messages import inbox
from storage.people.people import find_person
from tests.bot.service.test_web import listening, value
from tests.handlers.report.test_evidence import picture
from tests.outbox import enqueue


async def page_of(program):
    return (await program.metrics_page.page()).decode()


async def test_incoming_updates_are_counted_until_their_reply(deployment, world):
    phone = world.add_phone("Lan")
    async with listening(deployment) as (_, client):
        for said in ("a", "b", "c"):
            world.send_text(phone.id, said)
        await deployment.quiet()
        page = (await client.get("/metrics")).text
    assert value(page, 'smart_commune_updates_total{kind="message"}') == 3
    assert value(page, 'smart_commune_updates_total{kind="callback_query"}') == 0
    assert value(page, "smart_commune_commit_seconds_count") == 3
    assert value(page, "smart_commune_reply_seconds_count") == 3
    sent = 'smart_commune_telegram_calls_total{method="sendMessage",outcome="ok"}'
    polled = 'smart_commune_telegram_calls_total{method="getUpdates",outcome="ok"}'
    assert value(page, sent) == 3
    assert value(page, polled) >= 1
    assert value(page, 'smart_commune_inbox_updates{state="waiting"}') == 0
    assert value(page, 'smart_commune_ready{part="database"}') == 1
    assert value(page, "smart_commune_chats_in_work") == 0
    assert value(page, "smart_commune_taken_in_age_seconds") < 60
    assert value(page, "smart_commune_database_bytes") > 100_000
    assert value(page, "process_resident_memory_bytes") > 1_000_000
    assert "_created" not in page
    assert "Lan" not in page
    assert str(phone.id) not in page


async def test_latency_is_measured_from_the_storing_of_an_update(deployment, world):
    """Also for updates that an earlier process stored and did not handle."""
    phone = world.add_phone("Lan")
    world.send_text(phone.id, "a")
    (payload,) = world.updates.due(1)
    update = inbox.Update("telegram", str(payload["update_id"]), str(phone.id), json.dumps(payload))
    async with Database(deployment.settings.database_url.get_secret_value()) as database:
        await database.write(lambda tx: inbox.take_in(tx, [update], deployment.clock.now()))
    deployment.clock.move_to(deployment.clock.now() + timedelta(seconds=7))
    async with listening(deployment) as (program, _):
        await deployment.quiet()
        page = await page_of(program)
    assert value(page, "smart_commune_commit_seconds_sum") == 7
    assert value(page, "smart_commune_reply_seconds_sum") == 7
    assert value(page, "smart_commune_reply_seconds_count") == 1


async def test_answers_are_counted_from_the_start(town):
    async def answers():
        return value(await page_of(town.program), "smart_commune_answers_total")

    await town.program.metrics_page.start()
    assert await answers() == 0
    await town.head.send("/start")
    await town.head.press("📝 Báo cáo")
    for _ in range(2):
        await town.head.press("🔁 Như kỳ trước")
    assert await answers() == 2
    assert await answers() == 2


async def test_the_outbox_is_counted_by_state(town):
    await town.head.send("/start")
    now = town.deployment.clock.now()

    def put(tx):
        person = find_person(tx, "telegram", str(town.head.id)).id
        for days in (0, 1, 2):
            when = now + timedelta(days=days)
            enqueue(tx, person, "note", '{"text": "x"}', now, not_before=when)

    before = value(await page_of(town.program), 'smart_commune_messages_total{state="sent"}')
    waited = value(await page_of(town.program), 'smart_commune_outbox_messages{state="waiting"}')
    await town.program.database.write(put)
    town.program.sender.wake()
    await town.deployment.quiet()
    page = await page_of(town.program)
    assert value(page, 'smart_commune_messages_total{state="sent"}') == before + 1
    assert value(page, 'smart_commune_outbox_messages{state="waiting"}') == waited + 2
    assert value(page, 'smart_commune_outbox_messages{state="sending"}') == 0
    assert value(page, "smart_commune_messages_due") == 0


async def test_undelivered_evidence_is_counted(town):
    town.deployment.world.faults.add(Fault("getFile", times=99, code=500))
    await town.head.send("/baocao")
    await town.head.send("sửa câu 3")
    await town.head.photo(picture())
    page = await page_of(town.program)
    assert value(page, 'smart_commune_evidence_to_fetch{state="late"}') == 1
    assert value(page, 'smart_commune_evidence_to_fetch{state="waiting"}') == 0


@pytest.mark.parametrize(
    ("code", "outcome", "reason"),
    [
        (403, "forbidden", "unreachable"),
        (400, "bad_request", "refused"),
        (500, "server_error", "network"),
    ],
)
async def test_refusals_of_telegram_are_counted_by_kind(
    deployment, world, monkeypatch, code, outcome, reason
):
    monkeypatch.setattr("bot.telegram.channel.PAUSES", ())
    phone = world.add_phone("Lan")
    async with listening(deployment) as (program, _):
        world.faults.add(Fault("sendMessage", code=code, times=1))
        world.send_text(phone.id, "a")
        await deployment.quiet()
        page = await page_of(program)
        program.telegram.channel.lost.clear()
    called = f'smart_commune_telegram_calls_total{{method="sendMessage",outcome="{outcome}"}}'
    assert value(page, called) == 1
    assert value(page, f'smart_commune_replies_not_shown_total{{reason="{reason}"}}') == 1
    assert value(page, "smart_commune_reply_seconds_count") == 0
    assert value(page, "smart_commune_commit_seconds_count") == 1


async def test_orders_to_wait_are_counted_and_lower_the_rate(deployment, world):
    phones = world.add_phone("Lan"), world.add_phone("Nam")  # two chats: it is not about one chat
    async with listening(deployment) as (program, _):
        before = value(await page_of(program), "smart_commune_pace_allowed")
        world.faults.add(Fault("sendMessage", times=2, code=429, retry_after=1))
        for phone in phones:
            world.send_text(phone.id, "a")
        await deployment.quiet()
        page = await page_of(program)
    waited = 'smart_commune_telegram_calls_total{method="sendMessage",outcome="too_many_requests"}'
    assert value(page, waited) == 2
    assert value(page, "smart_commune_pace_allowed") < before


async def test_a_lost_database_is_reported_and_hides_no_other_metric(deployment):
    async with listening(deployment) as (program, client):
        await program.dispatcher.idle()
        await program.database.close()
        page = await client.get("/metrics")
        assert page.status_code == 200
        assert value(page.text, 'smart_commune_ready{part="database"}') == 0
        assert value(page.text, 'smart_commune_ready{part="telegram"}') == 1


def test_each_program_has_its_own_metrics():
    one, other = Metrics(), Metrics()
    one.called("getMe")
    name = "smart_commune_telegram_calls_total"
    labels = {"method": "getMe", "outcome": "ok"}
    assert one.registry.get_sample_value(name, labels) == 1
    assert other.registry.get_sample_value(name, labels) is None


def test_our_own_timeout_counts_as_timed_out():
    assert outcome_of(TimeoutError()) == "timed_out"


async def test_no_metric_scans_a_table(town):
    """Every query uses an index, however large the tables are."""
    asked = []

    def ask(tx):
        connection = tx.connection.dbapi_connection
        connection.set_trace_callback(asked.append)
        database_statistics(tx, town.deployment.clock.now(), 0)
        connection.set_trace_callback(None)
        selects = [one for one in asked if one.startswith("SELECT") and "FROM pragma" not in one]
        assert len(selects) >= 8
        return [row[-1] for one in selects for row in tx.execute(text("EXPLAIN QUERY PLAN " + one))]

    plans = await town.program.database.read(ask)
    assert [one for one in plans if one.startswith("SCAN") and "USING" not in one] == []
