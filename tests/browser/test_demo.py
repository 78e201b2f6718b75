"""The demo as a stranger uses it: the program, its page, an area head, a chair."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

NEW_HEAD = "Nguyễn Văn Tám"
HEAD = "Hoàng Thị Lan"
CHAIR = "Phạm Quốc Việt"


class Hand:
    """A person at one telephone of the page."""

    def __init__(self, page, name):
        self.phone = page.locator(f'.phone[data-name="{name}"]')
        self.newest = self.phone.locator(".bubble.in").last

    def join(self):
        self.phone.get_by_role("button", name="Bắt đầu").click()
        self.press("Đồng ý", then="Đã tham gia")

    def press(self, caption, then):
        self.phone.locator("button.inline", has_text=caption).last.click()
        expect(self.newest).to_contain_text(then)

    def write(self, text, then):
        self.phone.locator("textarea.draft").fill(text)
        self.phone.locator("button.send").click()
        expect(self.phone.locator(".bubble.out").last).to_contain_text(text)
        expect(self.phone.locator(".bubble").last).to_have_class(re.compile(r"\bin\b"))  # answered
        expect(self.newest).to_contain_text(then)

    def status_line(self, short):
        """What the newest /status says about an indicator."""
        expect(self.newest).to_contain_text(short)
        return re.search(rf"{short}: [^\n]*", self.newest.inner_text())[0]


def test_an_area_head_joins_and_reports_and_the_chair_sees_it(demo, open_page):
    page = open_page(demo.address)
    head, chair = Hand(page, NEW_HEAD), Hand(page, CHAIR)
    head.join()
    expect(head.newest).to_contain_text("Khu 10")
    chair.write("/status", then="Đã gửi 7/12 khu")

    head.press("📝 Báo cáo", then="Câu 1/8")
    head.write("300", then="Câu 2/8")
    expect(head.newest).to_contain_text("Câu 1 đã ghi: 300/353 = 84,98 %")
    head.write("5/5", then="Câu 3/8")
    head.write("có rồi ạ", then="Câu 4/8")
    head.press("✅ Có", then="Câu 5/8")
    head.write("hai trăm", then="Khác nhiều so với kỳ trước")
    head.press("✏️ Sửa", then="Câu 5/8")
    head.write("160", then="Câu 6/8")
    head.press("🔁 Như kỳ trước: 4/6", then="Câu 7/8")
    head.press("▫️ Chưa có", then="Câu 8/8")
    head.write("chưa", then="Xem lại rồi gửi")
    expect(head.newest).to_contain_text("300/353 = 84,98 %")
    head.write("sửa câu 1: 320", then="320/353 = 90,6 %")
    head.press("📨 Gửi báo cáo", then="Đã trả lời 8/8 câu")

    chair.write("/status", then="Đã gửi 8/12 khu")
    before = chair.status_line("Điện thoại thông minh")
    head.write("sửa câu 1: 290/353", then="290/353 = 82,1 %")
    chair.write("/tinhhinh", then="Đã gửi 8/12 khu")
    assert chair.status_line("Điện thoại thông minh") != before


def test_a_photo_becomes_evidence_of_the_open_question(demo, open_page, tmp_path):
    page = open_page(demo.address)
    head = Hand(page, HEAD)
    head.press("📝 Báo cáo", then="Câu 1/8")
    for number in (2, 3):
        head.write("để sau", then=f"Câu {number}/8")
    head.press("➕ Thêm…", then="chọn một việc")
    head.press("📎 Minh chứng", then="xin gửi ảnh")
    head.phone.get_by_role("button", name="Đính kèm").click()
    head.phone.locator('[data-attach="samplePhoto"]').click()
    head.phone.locator("button.send").click()
    expect(head.newest).to_contain_text("Đã nhận minh chứng")
    head.phone.locator("input.picker").set_input_files(
        [{"name": "bien-ban.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 bien ban"}]
    )
    head.phone.locator("button.send").click()
    expect(head.newest).to_contain_text("Đã có: 2 minh chứng")


def test_a_whole_report_can_be_given_in_a_narrow_window(demo, open_page):
    page = open_page(demo.address, narrow=True)
    expect(page.locator(".phone:visible")).to_have_count(1)
    page.locator(".chip", has_text=HEAD).tap()
    head = Hand(page, HEAD)
    head.press("📝 Báo cáo", then="Câu 1/8")
    buttons = head.newest.locator("button.inline")
    for number in range(buttons.count()):
        expect(buttons.nth(number)).to_be_in_viewport(ratio=1)
    head.write("340", then="Câu 2/8")
    page.locator(".chip", has_text=CHAIR).tap()
    Hand(page, CHAIR).write("/tinhhinh", then="Đã gửi")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_question_fits_a_laptop_with_all_its_buttons(demo, open_page):
    page = open_page(demo.address, laptop=True)
    assert page.locator(".top").bounding_box()["height"] < 64  # one row
    head = Hand(page, HEAD)
    head.press("📝 Báo cáo", then="Câu 1/8")
    head.write("350", then="Câu 2/8")
    buttons = head.newest.locator("button.inline")
    for number in range(buttons.count()):
        expect(buttons.nth(number)).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 1366, "height": 768})  # the whole screen
    for number in range(buttons.count()):
        expect(buttons.nth(number)).to_be_in_viewport(ratio=1)
    for moment in ("Trước hạn 5 phút", "Hết hạn"):
        page.get_by_role("button", name="Chỉnh giờ").click()
        page.get_by_role("button", name=moment).click()
        expect(page.locator(".notice")).to_contain_text("từ 21:00 đến 07:00 không nhắn ai")
    expect(page.locator(".notice")).to_have_count(1)


def test_a_name_leads_to_its_telephone_and_hides_it_only_there(demo, open_page):
    page = open_page(demo.address, laptop=True)
    last = page.locator(".phone").last
    chip = page.locator(".chip").last
    expect(last).not_to_be_in_viewport()
    chip.click()
    expect(last).to_be_in_viewport(ratio=1)
    chip.click()
    expect(last).to_be_hidden()


def test_an_english_browser_gets_an_english_demo_and_can_change_it(fresh_demo, open_page):
    page = open_page(fresh_demo.address, locale="en-US")
    head = Hand(page, HEAD)
    expect(page.locator(".lead")).to_contain_text("the commune's chair sees the whole result")
    expect(head.phone.locator(".label")).to_have_text("Area head · Khu 1")
    expect(page.locator('[data-moment="close"]')).to_have_text("The close")
    head.press("📝 Report", then="Question 1/8")
    head.write("350", then="Question 2/8")
    page.get_by_role("button", name="Tiếng Việt").click()
    expect(head.newest).to_contain_text("Câu 2/8")
    expect(head.phone.locator(".label")).to_have_text("Trưởng khu · Khu 1")
    new_head = Hand(page, NEW_HEAD)
    new_head.join()
    new_head.write("/ngonngu", then="English")
    new_head.press("English", then="Digital team of Khu 10")


def test_starting_again_creates_a_new_commune(demo, open_page):
    page = open_page(demo.address)
    page.on("dialog", lambda asked: asked.accept())
    head = Hand(page, HEAD)
    head.press("📝 Báo cáo", then="Câu 1/8")
    head.write("350", then="Câu 2/8")
    page.locator('[data-moment="deadline"]').click()
    expect(page.locator(".hour")).to_have_text("00:00")
    page.get_by_role("button", name="Làm lại từ đầu").click()
    expect(page.locator(".hour")).to_have_text("08:00")
    expect(head.phone.locator(".bubble")).to_have_count(2)
    head.press("📝 Báo cáo", then="Câu 1/8")


def test_the_remaining_days_follow_the_clock(demo, open_page):
    page = open_page(demo.address)
    chair = Hand(page, CHAIR)
    chair.write("/tinhhinh", then="còn 3 ngày")
    page.locator('[data-moment="day-before"]').click()
    expect(page.locator(".hour")).to_have_text("08:00")
    chair.write("/tinhhinh", then="còn 1 ngày")
    expect(chair.newest.locator("time")).to_have_text("08:00")


def test_messages_written_while_the_bot_is_off_are_handled_later(demo, open_page):
    page = open_page(demo.address)
    head = Hand(page, HEAD)
    head.press("📝 Báo cáo", then="Câu 1/8")
    switch = page.get_by_role("switch", name="Bot")
    switch.click()
    expect(switch).not_to_be_checked()
    page.locator('[data-moment="before-deadline"]').click()
    expect(page.locator(".hour")).to_have_text("23:55")
    head.phone.locator("textarea.draft").fill("340")
    head.phone.locator("button.send").click()
    own = head.phone.locator(".bubble.out").last
    expect(own).to_contain_text("340")
    expect(own.locator("time")).to_have_text("23:55")
    page.locator('[data-moment="deadline"]').click()
    expect(page.locator(".hour")).to_have_text("00:00")
    expect(head.phone.locator(".bubble").last).to_have_class(re.compile(r"\bout\b"))  # not answered
    switch.click()
    expect(switch).to_be_checked()
    expect(head.newest).to_contain_text("Câu 2/8")
    expect(head.newest.locator("time")).to_have_text("00:00")


def test_a_started_report_is_still_there_after_the_page_is_loaded_again(demo, open_page):
    page = open_page(demo.address)
    head = Hand(page, HEAD)
    head.press("📝 Báo cáo", then="Câu 1/8")
    head.write("340", then="Câu 2/8")
    page.reload()
    head = Hand(page, HEAD)
    expect(head.newest).to_contain_text("Câu 2/8")
    head.write("6", then="Câu 3/8")
