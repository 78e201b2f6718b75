"""Joining: with and without a link; the stored data of a person, and leaving."""

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


async def strangers(stage: Stage) -> None:
    """People without an invitation, with an expired one, or who decline."""
    nobody = stage.stranger("Ông Khách")
    stage.chapter("Newcomer: without an invitation, or not wanting to", nobody)
    await nobody.send("/start")
    await nobody.send("/start khong-co-thu-nay")
    codes = await stage.invite("leader", commune_id=stage.samples[0].commune_id)
    await nobody.vi.send(f"/start {codes[0]}")
    await nobody.en.send(f"/start {codes[1]}")
    nobody.look("🔗 opens an invitation")
    await nobody.press("✋ Không tham gia")


async def leave(stage: Stage) -> None:
    """See the stored data, correct the name, withdraw, return, be deleted."""
    hung = stage.people["member"]
    hung.look(show=False)
    stage.chapter("Anybody: what is held about me, and leaving", hung)
    await hung.send("/dulieu", "/mydata")
    await hung.send("/suaten", "/rename")
    await hung.send("Trần Mạnh Hùng")
    await hung.press("✅")
    await hung.send("/lienket", "/link")
    await hung.press("✅ Đã nhắn mã")
    await hung.send("tách ra", "unlink")
    await hung.send("/roikhu", "/leave")
    await hung.press("Khu 1")
    await hung.send("/rut", "/withdraw")
    await hung.press("⏸")
    await hung.send("/start")
    await hung.press("✅")
    await hung.send("/xoatoi", "/deleteme")
    await hung.press("🗑")
