"""Practice before the first report, and counting from house to house."""

from tests.screens.stage import Stage


async def practise(stage: Stage) -> None:
    """The same questions about a sample area; nothing is stored."""
    thom = stage.people["khu-8-sv"]
    stage.chapter("Area head: practice", thom)
    await thom.send("/tap", "/practice")
    await thom.send("160")
    await thom.press("✅")
    await thom.send("xong", "done")


async def count(stage: Stage) -> None:
    """Tap by tap, with and without a house; the sum becomes the answer."""
    binh = stage.people["khu-8-bg"]
    stage.chapter("Area head: counting from house to house", binh)
    await binh.send("/dem", "/count")
    await binh.press("Tài khoản")
    await binh.press("✅ +1 có")
    await binh.send("nhà 12", "house 12")
    await binh.press("✅ +1 có", show=False)
    await binh.press("▫️ +1 chưa")
    await binh.press("↩️ Bớt")
    await binh.press("🚪 Xong nhà")
    await binh.send("3 có 1 chưa", "3 yes 1 no")
    await binh.press("📝 Xong")
    await binh.press("✅ Đúng")
