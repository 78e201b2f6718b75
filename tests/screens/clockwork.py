"""Messages of jobs: reminders, summaries, the close."""

from tests.screens.stage import Stage


async def question_an_evening(stage: Stage) -> None:
    """Evenings chosen on the last possible day; they end on the next."""
    binh = stage.people["khu-8-bg"]
    for pair in stage.people.values():
        pair.look(show=False)
    stage.chapter("Area head: one question an evening", binh)
    await binh.send("mỗi tối một câu", "one question an evening")
    await stage.go_to(0, 19, 30)
    binh.look("🔔 that evening")
    await binh.send("9")
    await binh.press("▶️ Làm tiếp luôn")
    await stage.go_to(1, 8)
    binh.look("🔔 two days before the deadline")
    await binh.send("/dulieu", "/mydata")
    await binh.send("thôi hỏi mỗi tối", "no more evening questions")


async def by_the_clock(stage: Stage) -> None:
    """From the day before the deadline to the morning after the close."""
    binh, chair, officer = (stage.people[key] for key in ("khu-8-bg", "chair", "officer"))
    moments = (
        (2, 8, "the day before the deadline"),
        (3, 8, "the day itself"),
        (4, 8, "the day after"),
        (8, 8, "the day of the close"),
        (9, 8, "after the close"),
    )
    for key, title in (("khu-8-bg", "Area head"), ("chair", "Chair"), ("officer", "Officer")):
        stage.chapter(f"{title}: what comes by itself", stage.people[key])
    for day, hour, what in moments:
        await stage.go_to(day, hour)
        for pair in (binh, chair, officer):
            pair.look(f"🔔 {what}")
        if day == 2:
            await binh.press("🌙")
            await stage.go_to(day, 19)
            binh.look("🔔 that evening")
            await binh.press("🔕")
            await binh.press("🔔")
