"""The operator: several communes at once."""

from storage.places import places
from tests.screens.stage import Stage


async def operate(stage: Stage) -> None:
    """The list of communes, a round for all, an officer's invitation, difficulties passed up."""
    huong = stage.people["operator"]
    stage.chapter("Operator: several communes", huong)
    await stage.works(lambda tx, sample: places.add_commune(tx, "ben-go", "Xã Bến Gỗ", "Vùng đồi"))
    await huong.send("/start")
    await huong.press("✅ Đồng ý")
    await huong.send("/tinhhinh", "/status")
    await huong.press("Xã Đồi Chè", show=False)
    await huong.send("/dieuhanh", "/operate")
    await huong.press("📅 Mở kỳ cho tất cả")
    await huong.press("Quý")
    await huong.send("cuối tháng", "31/3")
    await huong.press("◀", show=False)
    await huong.send("/dieuhanh", "/operate", show=False)
    await huong.press("✉️ Mời cán bộ xã")
    await huong.press("Xã Bến Gỗ")
    await huong.press("✉️ Làm thư mời")
    await huong.send("/dieuhanh", "/operate", show=False)
    await huong.press("💬 Vướng mắc")
    await huong.press("1")
    await huong.press("1")
