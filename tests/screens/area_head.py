"""The report of an area head: question by question, slips, the summary, the receipt."""

import io

from PIL import Image

from tests.screens.pair import Pair
from tests.screens.stage import Stage


def picture() -> bytes:
    """A small green photo."""
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "green").save(out, "JPEG")
    return out.getvalue()


async def report(stage: Stage) -> None:
    """From the first question to the receipt, without any problem."""
    lan = stage.people["head"]
    stage.chapter("Area head: a report from beginning to end", lan)
    await lan.send("/start")
    await lan.press("📝 Báo cáo")
    await lan.press("ℹ️ Giải thích")
    await lan.press("◀ Về câu hỏi", show=False)
    await lan.send("350")
    await lan.press("🔁 Như kỳ trước")
    await lan.press("✅ Có")
    await lan.send("có rồi ạ", "yes we do")
    await lan.send("hai trăm", "200")
    await lan.press("⏭ Để sau")
    await lan.press("▫️ Chưa có")
    await lan.press("✅ Có")
    await lan.send("6/9")
    await lan.press("📨 Gửi báo cáo")


async def in_one_message(stage: Stage) -> None:
    """A whole report in one message, and an unchanged one; nothing of it is stored."""
    tam = stage.people["newcomer"]
    stage.chapter("Area head: a whole report in one message", tam)
    await tam.send("/baocao", "/report")
    await tam.send(
        "1: 320/400, 2: hỏng, 3 có, 5: 90/300, còn lại như kỳ trước",
        "1: 320/400, 2: broken, 3 yes, 5: 90/300, the rest as last time",
    )
    await tam.press("✏️ Sửa")
    await tam.send("câu 2: 5", "question 2: 5")
    await tam.press("✋ Thôi")
    await tam.send("350/400, 9/10, có, có", "350/400, 9/10, yes, yes")
    await tam.press("🔁 Giữ cả như kỳ trước")
    await tam.press("✋ Thôi")


async def the_rest_of_the_report(stage: Stage) -> None:
    """What else can happen while a report is filled in."""
    tam = stage.people["newcomer"]
    stage.chapter("Area head: slips and second thoughts", tam)
    await tam.send("/baocao", "/report", show=False)
    await tam.send("85%")
    await tam.send("400")
    await tam.send("khoảng 300", "about 300")
    await tam.send("0912345678")
    await tam.file("voice", b"ogg")
    await tam.photo(picture())
    await tam.send("100")
    await tam.press("✏️ Sửa")
    await tam.press("✏️ Sửa tổng số")
    await tam.send("330/360")
    await tam.send("nhầm", "undo")
    await tam.send("320")
    await tam.edit("325")
    await tam.press("✅ Đúng")
    await tam.press("➕ Thêm…")
    await tam.press("❔ Chưa biết")
    await tam.send("sửa câu 6", "edit question 6")
    await tam.press("➕ Thêm…")
    await tam.press("🚫 Không có đối tượng")
    await tam.press("✏️ Sửa")
    await tam.press("➕ Thêm…", show=False)
    await tam.press("💬 Vướng mắc")
    await tam.send("Sóng yếu, bà con chưa dùng được", "Weak signal, people can't use it")
    await tam.send("sửa câu 7", "edit question 7")
    await tam.press("➕ Thêm…")
    await tam.press("📎 Minh chứng")
    await tam.photo(picture())
    await tam.press("✅ Xong, về câu hỏi")
    await tam.send("gửi", "send")
    await tam.press("📨 Gửi báo cáo")
    await tam.press("📨 Vẫn gửi")
    await tam.press("✏️ Xem, sửa báo cáo")
    await tam.press("✏️ 1")
    await tam.send("330")
    await tam.send("/lichsu", "/history")
    await second_member(stage)


async def second_member(stage: Stage) -> None:
    """Another member of an area in which somebody has answered already."""
    hung: Pair = stage.people["member"]
    stage.chapter("Area head: two members of one area", hung)
    await hung.send("/start")
    await hung.send("/baocao", "/report")
    await hung.send("sửa câu 1: 360", "edit question 1: 360")
    await hung.press("✅ Đúng")
    await hung.send("/tinhhinh", "/status")
    await hung.send("/vuongmac", "/difficulty")
    await hung.send("Nhà văn hoá chưa có mạng", "No internet in the house of culture")
    await hung.press("📷 Thêm ảnh")
    await hung.photo(picture())
    await hung.send("xin chào", "hello there")
    await hung.send("câu 3 chưa, câu 4 có", "question 3 no, question 4 yes")
    await hung.press("✅ Đúng cả")
