"""What each person of the measurement does: a report of eight answers, typed and pressed."""

from tests.bench.answering.model import Step

REPORT = (
    Step("/baocao", answer=False),
    Step("300/400"),
    Step("50/60"),
    Step("Có", press=True),
    Step("Có", press=True),
    Step("200/300"),
    Step("60/70"),
    Step("Có", press=True),
    Step("Có", press=True),
)
ANSWERS = sum(step.answer for step in REPORT)
QUESTION = (
    "<b>Câu 5. Trong 268 người tuổi lao động của khu mình (từ đủ 15 đến nam 61 tuổi 6 tháng, nữ 57 "
    "tuổi), bao nhiêu người có tài khoản ngân hàng hoặc ví điện tử?</b>\n\nXin nhắn một con số, ví "
    "dụ 160\nCâu 5/8 ▰▰▰▰▱▱▱▱ Khu 1\n\n✅ Câu 4 đã ghi: <b>Có</b>"
)
KEYBOARD = (
    (("✅ Có", "1|y|17|4"), ("▫️ Chưa có", "1|n|17|4")),
    (("⏭ Để sau", "1|later|17|4"), ("◀ Quay lại", "1|back|17|4")),
    (("ℹ️ Giải thích", "1|info|17|4"), ("➕ Thêm…", "1|more|17|4")),
)
