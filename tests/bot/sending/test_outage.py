"""The bot is off for a while: actions of people wait with their dates, and no job runs."""

from datetime import timedelta


async def test_messages_written_during_an_outage_are_handled_in_order_after_it(town):
    head, deployment = town.head, town.deployment
    await head.send("/start")
    await head.press("📝 Báo cáo")
    said, began = len(head.messages), deployment.clock.now()
    async with deployment.outage():
        await head.send("300")
        deployment.clock.move_to(began + timedelta(minutes=20))
        await head.send("5/5")
        assert deployment.world.updates.pending() == 2
        assert len(head.messages) == said
    assert deployment.world.updates.pending() == 0
    assert len(head.messages) > said
    first, second = head.mine[-2:]
    assert second["date"] - first["date"] == 20 * 60


async def test_jobs_do_nothing_during_an_outage(town):
    deployment, sample = town.deployment, town.sample
    everybody = (town.head, town.member, town.officer, town.chair)
    for phone in everybody:
        await phone.send("/start")
    said = [len(phone.messages) for phone in everybody]
    async with deployment.outage():
        deployment.clock.move_to(sample.closes_at + timedelta(hours=9))  # not at night
        assert [len(phone.messages) for phone in everybody] == said
    await deployment.program.jobs.tick()
    await deployment.quiet()
    assert [len(phone.messages) for phone in everybody] != said


async def test_another_process_can_serve_after_an_outage(town):
    before = town.program
    async with town.deployment.outage():
        assert town.program is None
    assert town.program is not before
    await town.chair.send("/status")
    assert "/13" in town.chair.screen
