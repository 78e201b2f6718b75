"""The officer's desk in a real browser: a whole review by keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_board import enter

pytestmark = pytest.mark.browser


def test_a_whole_review_by_keyboard_then_figures_and_sheets(browser, demo):
    wrong = []
    page = enter(browser, demo, "officer", wrong)
    keys = page.keyboard
    page.locator(".tabs a", has_text="Duyệt").click()
    rows = page.locator("table[data-keys] tbody tr")
    waiting = rows.count()
    assert waiting >= 2

    # Elsewhere on the page the letters do nothing; with the tab key the table is reached.
    keys.press("a")
    expect(rows).to_have_count(waiting)
    page.locator("[data-keys-switch]").focus()
    keys.press("Tab")
    expect(rows.nth(0)).to_be_focused()
    keys.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    keys.press("k")
    expect(rows.nth(0)).to_be_focused()

    # Accepted, taken back, accepted: the next row has the focus each time.
    second = rows.nth(1).get_attribute("id")
    keys.press("a")
    expect(page.locator(".noted")).to_contain_text("Đã duyệt")
    expect(rows).to_have_count(waiting - 1)
    expect(page.locator(f"#{second}")).to_be_focused()
    page.locator(".noted button").focus()
    keys.press("Enter")
    expect(rows).to_have_count(waiting)
    rows.nth(0).focus()
    keys.press("a")
    expect(rows).to_have_count(waiting - 1)

    # Returned: r leads to the note, the ticks stand at what is marked.
    keys.press("r")
    page.wait_for_url(re.compile(r"/b/v\.one/.*#note"))
    expect(page.locator("#note")).to_be_focused()
    if page.locator("input[name=question]:checked").count() == 0:
        page.locator("input[name=question]").first.focus()
        keys.press("Space")
        page.locator("#note").focus()
    keys.type("Xin đếm lại giúp ạ")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator(".noted")).to_contain_text("Đã trả lại")
    expect(rows).to_have_count(waiting - 2)

    # Opened by Enter; switched off, the letters do nothing in the table either.
    if waiting > 2:
        rows.nth(0).focus()
        keys.press("Enter")
        page.wait_for_url(re.compile(r"/b/v\.one/"))
        page.go_back()
    page.locator("[data-keys-switch]").focus()
    keys.press("Space")
    page.locator("table[data-keys]").click(position={"x": 5, "y": 5})
    keys.press("a")
    assert page.evaluate("document.activeElement.closest('tr')") is None
    expect(rows).to_have_count(waiting - 2)
    figures_are_pasted(page)
    sheets_are_made_once_by_two_clicks(page)
    page.context.close()
    assert wrong == []


def figures_are_pasted(page):
    page.locator(".tabs a", has_text="Quản lý").click()
    page.locator("main a", has_text="🏘 Khu").click()
    page.locator("main a", has_text="Dán số liệu").click()
    field = page.locator("#pasted")
    field.fill("Khu\tNgười trưởng thành\nKhu 1\tnhiều\n")
    page.locator("main form button").click()
    expect(page.locator("td.bad")).to_have_text("nhiều ⚠️")
    page.locator("main a", has_text="Sửa lại").click()
    field.fill("Khu\tNgười trưởng thành\nKhu 1\t1.415\n")
    page.locator("main form button").click()
    expect(page.locator("main table")).to_contain_text("1.415")
    page.locator("main button", has_text="Áp dụng").click()
    expect(page.locator(".noted")).to_contain_text("Đã áp dụng: 1 chỗ")


def sheets_are_made_once_by_two_clicks(page):
    page.locator("main a", has_text="Thư mời").click()
    page.locator("main a", has_text="Phiếu để in").click()
    page.locator("main button", has_text="khu chưa có thư mời").dblclick()
    expect(page.locator(".noted")).to_contain_text("Đã làm phiếu cho")
    with page.expect_download() as download:
        page.locator("a[download]").click()
    assert download.value.suggested_filename == "phieu-moi_doi-che.docx"
