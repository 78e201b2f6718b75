"""The board in a real browser, opened from the demo: live, at three widths, without JavaScript."""

import json
import re
import time
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE_MS

pytestmark = pytest.mark.browser

WIDTHS = ((390, 844), (1366, 768), (1920, 1080))
HEAD = 700_000_001


def call(demo, what, **body):
    """Something on the telephone of the head of Khu 1."""
    request = urllib.request.Request(
        f"{demo.address}/sim/phones/{HEAD}/{what}",
        data=json.dumps(body).encode() if body else None,
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def press(demo, caption):
    """Press the newest button with this caption, once it is there."""
    until = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < until:
        for entry in reversed(call(demo, "chat")["messages"]):
            keyboard = entry["message"].get("reply_markup", {}).get("inline_keyboard", [])
            for one in (one for row in keyboard for one in row if caption in one["text"]):
                number = entry["message"]["message_id"]
                call(demo, "press", message_id=number, data=one["callback_data"])
                return
        time.sleep(0.1)
    pytest.fail(f"no button {caption!r}")


def enter(browser, demo, role, wrong, **options):
    """A computer on which somebody has opened the board from the demo."""
    context = browser.new_context(locale="vi-VN", **options)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.goto(f"{demo.address}/sim/board/{role}")
    page.locator("main button").click()
    page.wait_for_url(re.compile(r"/b/s\.full/"))
    return page


def test_an_answer_on_a_telephone_moves_the_bar_and_no_page_scrolls_sideways(browser, demo):
    wrong = []
    page = enter(browser, demo, "chair", wrong)
    bar = page.locator("tr[data-key=HT1] .chart rect").nth(1)
    call(
        demo,
        "text",
        text="1: 380/412, 2: 6/6, 3 có, 4 có, 5: 199/268, 6: 9/9, 7 có, 8 có, gửi luôn",
    )
    before = bar.get_attribute("width")
    press(demo, "Đúng cả")
    expect(bar).not_to_have_attribute("width", before)
    before = bar.get_attribute("width")
    page.evaluate("window.still = true")  # the page isn't loaded anew
    began = time.monotonic()
    call(demo, "text", text="sửa câu 1: 400/412")
    expect(bar).not_to_have_attribute("width", before)
    assert time.monotonic() - began < 4  # two seconds on a machine that has nothing else to do
    assert page.evaluate("window.still")

    links = page.eval_on_selector_all(".tabs a", "all => all.map(one => one.href)")
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        for link in links:
            page.goto(link)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (link, width, wide)

    many_pages_of_one_browser_are_opened(page, links[0])

    # The meeting: one screen of 1080 lines holds all, with letters that are read from eight metres.
    page.goto(links[0])
    page.keyboard.press("f")
    page.wait_for_url(re.compile(r"/b/meet/"))
    assert page.evaluate("document.documentElement.scrollHeight") <= 1080
    least = "Math.min(...[...document.querySelectorAll('.groups li')].map(one => parseFloat(getComputedStyle(one).fontSize)))"
    assert page.evaluate(least) >= 43
    for shown in ("Số liệu lúc", "khu đã gửi"):
        expect(page.locator("footer")).to_contain_text(shown)
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile(r"/b/meet/\w+/\w+"))
    assert page.evaluate("document.documentElement.scrollHeight") <= 1080
    page.context.close()
    assert wrong == []


def many_pages_of_one_browser_are_opened(page, link):
    """A browser holds six connections to a host; pages that are hidden must hold none."""
    others = []
    for _ in range(7):
        other = page.context.new_page()
        other.goto(link)
        # A browser without windows hides no page by itself.
        other.evaluate(
            "Object.defineProperty(document, 'hidden', { get: () => window.away !== false });"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
        others.append(other)
    seen = "window.away = false; document.dispatchEvent(new Event('visibilitychange'))"
    with others[0].expect_request(lambda one: one.resource_type == "eventsource"):
        others[0].evaluate(seen)
    for other in others:
        other.close()


def test_without_javascript_result_tables_and_forms_are_there(browser, demo):
    wrong = []
    page = enter(browser, demo, "officer", wrong, java_script_enabled=False)
    expect(page.locator("table.indicators tbody tr")).to_have_count(13)
    page.locator(".tabs a", has_text="Theo khu").click()
    expect(page.locator("table.map tbody tr")).to_have_count(13)
    page.locator("table.map tbody tr").nth(3).locator("th a").click()
    expect(page.locator("table.answers tbody tr")).to_have_count(8)
    page.locator("table.answers summary").first.click()
    page.locator(".tabs a", has_text="Tính thử").click()
    page.locator("input[name=value]").fill("90%")
    page.locator("main button").click()
    expect(page.locator(".outcome")).to_contain_text("90")
    page.locator(".own button", has_text="Đóng").click()
    expect(page.locator("#code")).to_be_visible()
    page.context.close()
    assert wrong == []
