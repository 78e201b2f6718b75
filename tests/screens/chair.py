"""The /status of the chair and all screens below it."""

from tests.screens.pair import Pair
from tests.screens.stage import Stage


async def status(stage: Stage) -> None:
    """From the overview into every screen below it."""
    chair = stage.people["chair"]
    stage.chapter("Chair: how the commune stands", chair)
    await chair.send("/start")
    await chair.send("/tinhhinh", "/status")
    await chair.press("🏘 Theo khu")
    await chair.press("Khu 2")
    await chair.press("🕘 Lịch sử")
    await chair.send("/tinhhinh", "/status", show=False)
    await chair.press("🎯 Việc cần làm")
    await chair.send("/tinhhinh", "/status", show=False)
    await chair.press("⏰ Nhắc")
    await chair.send("/tinhhinh", "/status", show=False)
    await chair.press("☰ Xem thêm")
    await below(stage, chair)


async def below(stage: Stage, chair: Pair) -> None:
    """The screens behind "see more"."""
    for caption in ("📑 Theo chỉ tiêu", "📋 Chép", "🔎 Vì sao", "🔮 Tính thử"):
        await chair.send("/tinhhinh", "/status", show=False)
        await chair.press("☰ Xem thêm", show=False)
        await chair.press(caption)
    await chair.send("/tinhhinh", "/status", show=False)
    await chair.press("💬 Vướng mắc")
    await chair.send("/tinhhinh", "/status", show=False)
    await chair.press("📈 Biểu đồ")
    await chair.press("📄 Bản Excel")
    await chair.press("📄 Bản Word")
    await chair.send("/neu Khu 5 90%")
    await chair.press("Khu 5 · Đồi Chè")
    await chair.press("Tài khoản thanh toán")
    await chair.send("/trogiup", "/help")
    await chair.send("cảm ơn", "thanks")
    await chair.send("/quanly", "/manage")
