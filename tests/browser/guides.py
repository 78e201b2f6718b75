"""`make guides`: the pictures of docs/guides/, taken from the demo.

Each shows one telephone of the page at the moment that the guide describes. The guide of
the area head is also made as a page to print.
"""

import hashlib
import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pikepdf
from markdown_it import MarkdownIt
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect, sync_playwright

from handlers.exports.wording import without_emoji
from tests.browser.conftest import CHROMIUM, FLAGS, Demo

GUIDE_PAGES = Path(__file__).parents[2] / "docs" / "guides"
PLACE = GUIDE_PAGES / "pictures"
PRINTED = "truong-khu"
NEW_HEAD, CHAIR, OFFICER = "Nguyễn Văn Tám", "Phạm Quốc Việt", "Lê Thị Thu"
PRINT_STYLE = """
body { font: 12px/1.35 sans-serif }
h1 { font-size: 22px; margin: 0 }
p { margin: 6px 0 }
table { border-collapse: collapse; width: 100% }
td, th { border: 1px solid #bbb; padding: 1px 6px; text-align: left }
code { font: bold 12px sans-serif }
ul { margin: 6px 0; padding-left: 18px }
"""
COLOURS = 128
SCALE = 1.5
LAPTOP = {"width": 1366, "height": 768}
# Figures as a spreadsheet copies them.
PASTED = "Khu\tNgười trưởng thành\tTrong độ tuổi lao động\nKhu 1\t415\t270\nKhu 2\t392\t255\n"
THREE_COMMUNES = (
    ("song-lo", "Xã Sông Lô", "Vùng sông"),
    ("ben-da", "Xã Bến Đá", "Vùng sông"),
    ("nui-xanh", "Xã Núi Xanh", "Vùng đồi"),
)
USUAL, TALL = {"width": 1500, "height": 960}, {"width": 1500, "height": 1580}
PATIENCE_MS = 60_000  # for a busy machine


class Camera:
    """One telephone of the page: it is used, and pictures are taken of it."""

    def __init__(self, page: Page, name: str) -> None:
        self.phone: Locator = page.locator(f'.phone[data-name="{name}"]')
        self.newest = self.phone.locator(".bubble.in").last

    def press(self, caption: str, then: str) -> None:
        """Press the newest button with this caption; wait for the reply."""
        self.phone.locator("button.inline", has_text=caption).last.click()
        expect(self.newest).to_contain_text(then)

    def write(self, text: str, then: str) -> None:
        """Send a text; wait for the reply."""
        self.phone.locator("textarea.draft").fill(text)
        self.phone.locator("button.send").click()
        expect(self.phone.locator(".bubble").last).to_have_class(re.compile(r"\bin\b"))
        expect(self.newest).to_contain_text(then)

    def take(self, name: str) -> None:
        """A picture of the telephone as it is now."""
        if self.newest.count():
            self.newest.evaluate("one => one.scrollIntoView({block: 'end'})")
        keep(self.phone.screenshot(animations="disabled"), name)


def keep(shot: bytes, name: str, colours: int = COLOURS) -> None:
    """Store a picture with few colours, so that it is small."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    small = picture.quantize(colours, dither=Image.Dither.NONE)
    small.save(PLACE / f"{name}.png", optimize=True)


def area_head(page: Page) -> None:
    """From the invitation to the receipt."""
    head = Camera(page, NEW_HEAD)
    head.phone.get_by_role("button", name="Bắt đầu").click()
    expect(head.newest).to_contain_text("Xin đọc rồi chọn")
    head.take("khu-1-dong-y")
    head.press("Đồng ý", then="Đã tham gia")
    head.press("📝 Báo cáo", then="Câu 1/8")
    head.take("khu-2-cau-hoi")
    head.write("320", then="Câu 2/8")
    head.press("🔁 Như kỳ trước", then="Câu 3/8")
    head.take("khu-3-co-chua")
    head.write("có rồi ạ", then="Câu 4/8")
    head.press("✅ Có", then="Câu 5/8")
    head.write("160", then="Câu 6/8")
    head.press("🔁 Như kỳ trước", then="Câu 7/8")
    head.press("▫️ Chưa có", then="Câu 8/8")
    head.press("✅ Có", then="Xem lại rồi gửi")
    head.take("khu-4-xem-lai")
    head.press("📨 Gửi báo cáo", then="Đã trả lời 8/8 câu")


def officer(page: Page) -> None:
    """The list to review, one report, a return, the people, a round."""
    thu = Camera(page, OFFICER)
    thu.take("xa-1-dau")
    thu.write("/duyet", then="Duyệt báo cáo nào trước")
    thu.take("xa-2-duyet")
    thu.press("Khu 3", then="báo cáo này được chưa")
    thu.take("xa-3-mot-bao-cao")
    thu.press("↩️ Trả lại", then="hỏi lại những câu nào")
    thu.take("xa-4-tra-lai")
    thu.write("/quanly", then="xem phần nào")
    thu.take("xa-5-quan-ly")
    thu.press("🗓 Kỳ báo cáo", then="xem kỳ nào")
    thu.press("🟢", then="Làm gì ạ")
    thu.take("xa-6-ky-bao-cao")


def chair(page: Page) -> None:
    """The overview, what to do, a picture."""
    viet = Camera(page, CHAIR)
    page.set_viewport_size(TALL)  # the whole overview in one picture
    viet.write("/tinhhinh", then="Đã gửi")
    viet.take("chu-tich-1-tinh-hinh")
    page.set_viewport_size(USUAL)
    viet.press("🎯 Việc cần làm", then="Việc cần làm")
    viet.take("chu-tich-2-viec-can-lam")
    viet.write("/tinhhinh", then="Đã gửi")
    viet.press("📈 Biểu đồ", then="Lấy thêm bản nào nữa")
    page.wait_for_timeout(1500)  # the pictures are drawn by the browser after they have come
    viet.take("chu-tich-3-bieu-do")


def enter(browser: Browser, demo: Demo, role: str, beginning: str = "s.full") -> Page:
    """A computer on which somebody has opened the board by the demo's link."""
    page = browser.new_context(viewport=LAPTOP, locale="vi-VN").new_page()
    page.goto(f"{demo.address}/sim/board/{role}")
    page.locator("main button").click()
    page.wait_for_url(re.compile(rf"/b/{re.escape(beginning)}"))
    return page


def look(page: Page, caption: str, name: str) -> None:
    """Open one of the pages at the top and take a picture of it."""
    page.locator(".tabs a", has_text=caption).first.click()
    keep_page(page, name)


def keep_page(page: Page, name: str) -> None:
    """A picture of what the screen of the computer shows now."""
    page.wait_for_load_state()
    keep(page.screenshot(animations="disabled"), name)


def officer_at_a_computer(browser: Browser, demo: Demo) -> None:
    """The table of reports, one report, the areas, pasted figures, the sheets."""
    page = enter(browser, demo, "officer")
    look(page, "Duyệt", "may-tinh-1-duyet")
    page.locator("a.open").first.click()
    keep_page(page, "may-tinh-2-bao-cao")
    page.locator(".tabs a", has_text="Quản lý").first.click()
    keep_page(page, "may-tinh-3-quan-ly")
    page.locator("main a", has_text="🏘 Khu").click()
    page.locator("main a", has_text="Dán số liệu").click()
    page.locator("#pasted").fill(PASTED)
    page.locator("main form button").click()
    page.locator("main table").first.wait_for()
    keep_page(page, "may-tinh-4-dan-so-lieu")
    page.locator(".tabs a", has_text="Quản lý").first.click()
    page.locator("main a", has_text="Thư mời").click()
    page.locator("main a", has_text="Phiếu để in").click()
    keep_page(page, "may-tinh-5-phieu-moi")
    page.context.close()


def chair_at_a_screen(browser: Browser, demo: Demo) -> None:
    """The result, the meeting, the areas."""
    page = enter(browser, demo, "chair")
    keep_page(page, "man-hinh-1-ca-xa")
    look(page, "Theo khu", "man-hinh-2-theo-khu")
    look(page, "Họp", "man-hinh-3-hop")
    page.context.close()


def operator_at_a_computer(browser: Browser, demo: Demo) -> None:
    """A workbook of three communes, the table of all, a round for one group."""
    page = enter(browser, demo, "operator", beginning="o.home")
    page.locator(".tabs a", has_text="Nộp bảng tính").click()
    page.locator("input[type=file]").set_input_files(
        FilePayload(name="cac-xa.xlsx", mimeType="application/zip", buffer=three_communes())
    )
    page.locator("main form button").click()
    page.locator("main table").wait_for()
    keep_page(page, "nhieu-xa-1-xem-truoc")
    page.locator("main button", has_text="Áp dụng").click()
    page.locator(".tabs a", has_text="Điều hành").click()
    page.locator("main a", has_text="Mở kỳ cho tất cả").click()
    page.locator("main a", has_text="Chỉ một nhóm").click()
    page.locator("main a", has_text="Vùng sông").click()
    page.locator("main button", has_text="Quý").click()
    page.locator("main button", has_text="📅").last.click()
    page.locator("main button", has_text="Mở cho 2 xã").click()
    page.locator(".noted").wait_for()
    look(page, "Điều hành", "nhieu-xa-2-tung-xa")
    page.context.close()


def three_communes() -> bytes:
    """A filled roster, as `roster template` gives it."""
    book, written = openpyxl.Workbook(), io.BytesIO()
    communes = book.active
    assert communes is not None
    communes.title = "Xã"
    areas, invited = book.create_sheet("Khu"), book.create_sheet("Người")
    communes.append(["Mã xã", "Tên xã", "Nhóm", "Cán bộ xã"])
    areas.append(["Xã", "Tên khu", "Số", "Người trưởng thành", "Trong độ tuổi lao động"])
    invited.append(["Vai trò", "Xã", "Chức danh"])
    for code, name, group in THREE_COMMUNES:
        communes.append([code, name, group, 30])
        invited.append(["Cán bộ xã", name, "Văn phòng"])
        for number in range(1, 4):
            areas.append([name, f"Khu {number}", number, 400 + number, 260 + number])
    book.save(written)
    return written.getvalue()


def whole_page(page: Page) -> None:
    """The demo, as its first visitor sees it."""
    page.set_viewport_size({"width": 1500, "height": 820})
    keep(page.screenshot(animations="disabled", scale="css"), "cai-dat-1-thu", colours=64)
    page.set_viewport_size(USUAL)


def to_print(browser: Browser) -> None:
    """The area head's guide as one page of A4."""
    text = (GUIDE_PAGES / f"{PRINTED}.md").read_text(encoding="utf-8")
    body = MarkdownIt("commonmark", {"html": True}).enable("table").render(without_emoji(text))
    made = GUIDE_PAGES / f"{PRINTED}.html"  # beside the pictures that it shows
    made.write_text(
        f"<!doctype html><meta charset=utf-8><style>{PRINT_STYLE}</style>{body}", encoding="utf-8"
    )
    try:
        page = browser.new_page()
        page.goto(made.as_uri())
        sides = ("top", "right", "bottom", "left")
        printed = page.pdf(format="A4", margin=dict.fromkeys(sides, "10mm"))
        page.close()
        with pikepdf.open(io.BytesIO(printed)) as pdf:
            pdf.docinfo["/Keywords"] = hashlib.sha256(text.encode()).hexdigest()  # for its test
            pdf.save(GUIDE_PAGES / f"{PRINTED}.pdf", deterministic_id=True)
    finally:
        made.unlink()


GUIDES: tuple[Callable[[Page], None], ...] = (whole_page, area_head, officer, chair)


def main() -> None:
    """Start the demo, take all pictures, end it."""
    PLACE.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        demo = Demo()
        try:
            demo.wait_for_address()
            context = browser.new_context(viewport=USUAL, device_scale_factor=SCALE, locale="vi-VN")
            page = context.new_page()
            page.goto(demo.address)
            page.wait_for_selector("body.loaded")
            for take in GUIDES:
                take(page)
            officer_at_a_computer(browser, demo)
            chair_at_a_screen(browser, demo)
            operator_at_a_computer(browser, demo)
            to_print(browser)
        finally:
            demo.stop()
            browser.close()


if __name__ == "__main__":
    main()
