"""The sample commune works: its people are known, the link works, a report can be filled in."""


async def test_everybody_is_greeted_according_to_their_role(town):
    for phone, word in (
        (town.head, "Khu 1"),
        (town.member, "Khu 1"),
        (town.officer, "Cán bộ"),
        (town.chair, "Lãnh đạo"),
    ):
        await phone.send("/start")
        assert word in phone.screen


async def test_the_newcomer_joins_by_the_link(town):
    await town.newcomer.send(f"/start {town.code}")
    await town.newcomer.press("Đồng ý")
    assert "Khu 10" in town.newcomer.screen
    assert "baocao" in town.newcomer.commands


async def test_a_question_costs_two_calls(town):
    await town.head.send("/start")
    await town.head.press("Báo cáo")
    assert "Câu 1/8" in town.head.screen
    world = town.deployment.world
    before = len(world.calls)
    await town.head.send("350")
    said = [c.method for c in list(world.calls)[before:] if c.method != "getUpdates"]
    assert len(said) <= 2, said
    before = len(world.calls)
    await town.head.press("Như kỳ trước")
    said = [c.method for c in list(world.calls)[before:] if c.method != "getUpdates"]
    assert len(said) <= 2, said


async def test_an_answer_and_the_place_survive_a_restart(deployment):
    from bot.sample import make_sample

    async with deployment.running() as program:
        sample = await program.database.write(
            lambda tx: make_sample(tx, deployment.clock.now(), deployment.settings.timezone)
        )
        head = deployment.phone("Lan", user_id=sample.persona("head").id)
        await head.send("/start")
        await head.press("Báo cáo")
        await head.send("350")
        question = head.screen
    async with deployment.running():
        await head.send("/start")
        assert "Câu 2/8" in question
        assert "Câu 2/8" in head.screen


async def test_a_reply_lost_with_the_process_is_shown_at_the_next_start(deployment):
    from bot.sample import make_sample
    from bot.simulator.faults import Fault

    async with deployment.running() as program:
        sample = await program.database.write(
            lambda tx: make_sample(tx, deployment.clock.now(), deployment.settings.timezone)
        )
        head = deployment.phone("Lan", user_id=sample.persona("head").id)
        await head.send("/start")
        await head.press("Báo cáo")
        # Telegram refuses every call that shows the next question.
        for method in ("sendMessage", "editMessageText"):
            deployment.world.faults.add(
                Fault(method, times=99, code=400, description="Bad Request: x")
            )
        await head.send("350")
        assert "Câu 1/8" in head.screen
        deployment.world.faults.clear()
    async with deployment.running():
        await deployment.quiet()
        assert "Câu 2/8" in head.screen


async def test_the_log_has_nothing_of_what_people_wrote(town, log):
    await town.head.send("/start")
    await town.head.press("Báo cáo")
    await town.head.send("ba trăm bốn mươi mốt 0987654321")
    await town.head.file("document", b"x", name="anh-chup-bi-mat.pdf")
    written = log.getvalue()
    for secret in ("ba trăm", "0987654321", "bi-mat", town.deployment.world.token, "Hoàng"):
        assert secret not in written
