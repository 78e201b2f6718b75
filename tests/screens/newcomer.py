"""Joining: by a link, without one, and leaving again."""

from tests.screens.stage import Stage


async def join(stage: Stage) -> None:
    """Somebody opens the invitation of Khu 10."""
    tam = stage.people["newcomer"]
    stage.chapter("Newcomer: joining", tam)
    codes = [sample.persona("newcomer").start for sample in stage.samples]
    await tam.vi.send(f"/start {codes[0]}")
    await tam.en.send(f"/start {codes[1]}")
    tam.look("🔗 opens the invitation")
    await tam.press("✅ Đồng ý")
    await tam.send("/trogiup", "/help")
    await tam.send("/ngonngu", "/language")
    await tam.send("/dulieu", "/mydata")


async def strangers(stage: Stage) -> None:
    """Who has no invitation, one that is over, or declines."""
    nobody = stage.stranger("Ông Khách")
    stage.chapter("Newcomer: without an invitation, or not wanting to", nobody)
    await nobody.send("/start")
    await nobody.send("/start khong-co-thu-nay")
    codes = await stage.invite("leader", commune_id=stage.samples[0].commune_id)
    await nobody.vi.send(f"/start {codes[0]}")
    await nobody.en.send(f"/start {codes[1]}")
    nobody.look("🔗 opens an invitation")
    await nobody.press("✋ Không tham gia")
