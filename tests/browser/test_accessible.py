"""Every page of the board by axe-core: WCAG 2.2 AA, in both themes, on a telephone and a computer.

The pages are those that links lead to, so a new one is covered without a line here. Pages of the
same elements (their kinds, classes and attributes) are looked at once.
"""

import re
import shutil
from collections import Counter
from html.parser import HTMLParser

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bot.board.pages import PAGES
from handlers.flow.routes import ROUTES
from storage import history
from tests.browser.board_server import NOW, BoardServer
from tests.browser.conftest import PATIENCE_MS

pytestmark = pytest.mark.browser

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
COMPUTER, TELEPHONE = ("light", 1366, 768), ("dark", 390, 844)
SMALLEST = ("dark", 320, 640)  # 1280 pixels enlarged four times
HREF = re.compile(r'href="(/b/[^"#]+)')
A4_WITHIN_MARGINS = 718  # pixels of 1/96 inch: 210 mm without twice 10 mm
MOST_OF_A_KEY = 2  # pages of one kind for each person
VOID = {"meta", "link", "input", "img", "br", "line", "rect", "polyline", "circle"}

# What can have the focus and can't be seen then: hidden under something, or without an outline.
UNSEEN_FOCUS = """() => {
  const wrong = [];
  for (const one of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")) {
    if (!one.checkVisibility()) continue;
    one.focus();
    const box = one.getBoundingClientRect(), style = getComputedStyle(one);
    const middle = (from, to, end) => (Math.max(0, from) + Math.min(end, to)) / 2; // of what is in the window
    const x = middle(box.left, box.right, innerWidth), y = middle(box.top, box.bottom, innerHeight);
    const there = document.elementFromPoint(x, y);
    const seen = there && (one.contains(there) || there.contains(one) || one.labels?.[0]?.contains(there));
    const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    if (!seen || !drawn) wrong.push(`${one.outerHTML.slice(0, 120)}: ${seen ? "no outline" : "under " + there?.outerHTML.slice(0, 80)}`);
  }
  return wrong.slice(0, 5);
}"""


# Drawings that a screen reader has no words for: neither named, nor in a row or beside a table of the same.
UNSAID = """[...document.querySelectorAll("main svg")].filter((one) => one.getAttribute("aria-hidden") !== "true"
  ? !(one.getAttribute("role") === "img" && one.getAttribute("aria-label"))
  : !one.closest("tr, li, .code") && !document.querySelector("main table")).map((one) => one.outerHTML.slice(0, 80))"""


class Elements(HTMLParser):
    """The kinds of elements of a page: each with the two around it, their classes and attributes."""

    def __init__(self, text):
        super().__init__()
        self.found, self._open = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        names = sorted(given.keys() - {"id", "class", "x", "y", "width", "height", "points"})
        self._open.append((tag, given.get("class"), given.get("type"), *names))
        self.found.add(tuple(self._open[-3:]))
        if tag in VOID:
            self._open.pop()

    def handle_endtag(self, tag):
        if tag not in VOID and any(one[0] == tag for one in self._open):
            while self._open.pop()[0] != tag:
                pass


@pytest.fixture(scope="module")
def board(tmp_path_factory, template):
    """The board on a port, for all tests of this module."""
    folder = tmp_path_factory.mktemp("board")
    shutil.copyfile(template, folder / "bot.db")
    server = BoardServer(folder)
    server.start()
    yield server
    server.stop()


def opened(browser, board, who=None, locale="vi-VN", **options):
    """A page of a browser, in which somebody is in."""
    context = browser.new_context(locale=locale, **options)
    cookies = board.cookie(who) if who is not None else {}
    context.add_cookies([{"name": k, "value": v, "url": board.address} for k, v in cookies.items()])
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def key_of(path):
    return path.split("?")[0].split("/")[2]


def pages_of(board, who):
    """The pages that links lead this person to, a few of each kind: the text by the address."""
    found, counts, waiting = {}, Counter(), ["/b/start"]
    with board.client(who) as client:
        while waiting:
            path = waiting.pop(0)
            if path in found or counts[key_of(path)] >= MOST_OF_A_KEY:
                continue
            counts[key_of(path)] += 1
            answer = client.get(path)
            assert answer.status_code == 200, path
            found[path] = answer.text
            waiting += [one.replace("&amp;", "&") for one in HREF.findall(answer.text)]
    return found


def show(page, look):
    theme, width, height = look
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": height})


def faults(page, axe):
    """What is wrong with the page as it is shown now, in words."""
    found = []
    wide, shown = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    if wide > shown:
        found.append(f"it is {wide} wide")
    for one in axe.run(page, options=RULES).response["violations"]:
        found += [
            f"{one['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
            for node in one["nodes"][:3]
        ]
    return found


def looked_at(page, axe, path):
    """The same in both themes, and how the focus is seen."""
    wrong = [f"{path}: unsaid {one}" for one in page.evaluate(UNSAID)]
    for look in (COMPUTER, TELEPHONE):
        show(page, look)
        wrong += [f"{path} ({look[0]}, {look[1]}): {one}" for one in faults(page, axe)]
        page.keyboard.press("Shift")  # from now on the focus is shown as for the keyboard
        wrong += [f"{path} ({look[1]}): focus {one}" for one in page.evaluate(UNSEEN_FOCUS)]
    return wrong


def test_every_page_keeps_to_wcag_in_both_themes_on_telephone_and_computer(browser, board):
    axe, wrong, known, keys = Axe(), [], set(), set()
    for who in ("chair", "officer", "O", "W"):
        page = opened(browser, board, who)
        for path, text in pages_of(board, who).items():
            elements = Elements(text).found
            if elements <= known and key_of(path) in keys:
                continue
            page.goto(board.address + path, wait_until="domcontentloaded")
            if not elements <= known:
                wrong += looked_at(page, axe, path)
            show(page, SMALLEST)
            wide = page.evaluate("document.documentElement.scrollWidth")
            wrong += [f"{path}: {wide} wide"] if wide > SMALLEST[1] else []
            known |= elements
            keys.add(key_of(path))
        page.context.close()
    assert wrong == []
    # The others stand in the bot's own screens, and are only shown after something was typed.
    assert not [one for one in PAGES.keys() - keys if one not in ROUTES and one != "desk.fill"]
    assert len(keys) > 70


def test_pages_around_the_board_and_after_an_action_keep_to_wcag_too(browser, board):
    axe, wrong = Axe(), []
    page = opened(browser, board)
    for path in ("/", "/enter/x"):
        page.goto(board.address + path)
        wrong += looked_at(page, axe, path)
        if path == "/":
            page.locator("#code").fill("123456")
        page.locator("main button").click()
        page.locator(".wrong").wait_for()
        wrong += looked_at(page, axe, f"{path} refused")
    page.context.close()
    page = opened(browser, board, "z")
    page.goto(f"{board.address}/b/nothing")
    wrong += looked_at(page, axe, "nothing there")
    page.goto(f"{board.address}/b/v.which")
    page.locator(".do button").first.click()
    page.locator(".noted").wait_for()
    wrong += looked_at(page, axe, "accepted")
    page.locator(".own button").first.click()  # in English
    page.locator("html[lang=en]").wait_for()
    for path in ("/b/start", "/b/v.which", "/b/m.home"):
        page.goto(board.address + path)
        wrong += looked_at(page, axe, f"{path} in English")
    page.context.close()
    assert wrong == []


def tab_to(page, locator):
    """Press the tab key until this has the focus."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if locator.evaluate("one => one === document.activeElement"):
            return
    pytest.fail(f"the tab key does not come to {locator}")


def test_a_report_is_accepted_corrected_and_returned_with_tab_enter_and_space_alone(browser, board):
    page = opened(browser, board, "officer")
    page.goto(f"{board.address}/b/v.which")
    rows = page.locator("table.reports tbody tr")
    waiting = rows.count()
    assert waiting >= 1
    tab_to(page, rows.first.locator(".accept button"))
    page.keyboard.press("Enter")
    expect(rows).to_have_count(waiting - 1)
    tab_to(page, page.locator(".noted button"))
    page.keyboard.press("Space")
    expect(rows).to_have_count(waiting)
    tab_to(page, rows.first.locator("a.open"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/b/v.one/"))

    tab_to(page, page.locator("#correct-HT1 summary"))
    page.keyboard.press("Enter")
    tab_to(page, page.locator("#correct-HT1 input[name=value]"))
    page.keyboard.type("300/400")
    page.keyboard.press("Tab")
    page.keyboard.type("Ghi nhầm")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".noted")).to_contain_text("Đã sửa câu 1")

    tick = page.locator("#CQ3 input[name=question]")
    tab_to(page, tick)
    if not tick.is_checked():
        page.keyboard.press("Space")
    tab_to(page, page.locator("#note"))
    page.keyboard.type("Xin đếm lại giúp ạ")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".noted")).to_contain_text("Đã trả lại")
    page.context.close()


def test_a_live_change_leaves_focus_scroll_and_typing_alone_and_is_told_politely(browser, board):
    page = opened(browser, board, "O", viewport={"width": 900, "height": 300})
    with board.client("O") as other:

        def accept_one():
            text = other.get("/b/v.which").text
            address = re.search(r'action="(/b/v\.ok/[^"]+)"', text)[1]
            token = re.search(r'name="token" value="(\w+)"', text)[1]
            assert (
                other.post(address.replace("&amp;", "&"), data={"token": token}).status_code == 200
            )

        page.goto(f"{board.address}/b/v.which")
        rows = page.locator("table.reports tbody tr")
        waiting = rows.count()
        kept = rows.last.get_attribute("id")
        page.locator(f"#{kept}").focus()
        where = page.locator(f"#{kept}").bounding_box()["y"]
        accept_one()
        expect(rows).to_have_count(waiting - 1)
        expect(page.locator(f"#{kept}")).to_be_focused()
        at_end = page.evaluate("scrollY + innerHeight >= document.documentElement.scrollHeight - 1")
        assert at_end or abs(page.locator(f"#{kept}").bounding_box()["y"] - where) < 2
        told = page.locator("#told[role=status]")
        expect(told).to_contain_text("Số liệu lúc")

        # What had the focus is gone: the tab key goes on in the main part.
        page.locator(f"#{kept} .accept button").focus()
        accept_one()
        expect(page.locator("#main")).to_be_focused()

        # Somebody types a day: nothing is replaced before they go on, and then what is typed stays.
        page.locator(".tabs a", has_text="Vì sao").click()
        page.evaluate("window.first = document.querySelector('main h1')")
        day = page.locator("input[name=from]")
        day.focus()
        day.fill("2026-11-21")
        kin = {"commune_id": board.communes["Xã Kín"]}
        board.write(lambda tx: history.record(tx, "figure", "command", NOW, **kin))
        page.wait_for_timeout(2500)
        assert page.evaluate("window.first.isConnected")
        page.locator("main button").focus()
        page.wait_for_function("() => !window.first.isConnected")
        expect(day).to_have_value("2026-11-21")
        expect(page.locator("main button")).to_be_focused()
    page.context.close()


ON_PAPER = """() => ({
  shown: [...document.querySelectorAll("nav, form, button, input:not([type=hidden]), .skip, .keys")].filter((one) => one.checkVisibility()).map((one) => one.outerHTML.slice(0, 80)),
  cut: [...document.querySelectorAll("main *")].filter((one) => one.checkVisibility() && !one.closest(".unseen")
    && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 80)),
  ground: getComputedStyle(document.body).backgroundColor, scheme: getComputedStyle(document.documentElement).colorScheme,
  tables: [...document.querySelectorAll("table")].filter((one) => one.checkVisibility()).length > 0,
})"""


def test_on_paper_there_is_no_navigation_no_dark_ground_and_nothing_cut(browser, board):
    page = opened(browser, board, "officer")
    page.set_viewport_size({"width": A4_WITHIN_MARGINS, "height": 1000})
    page.emulate_media(media="print", color_scheme="dark")
    paths = {key_of(one): one for one in pages_of(board, "officer")}
    for key in ("s.full", "map", "course", "v.list", "v.one", "s.area"):
        page.goto(board.address + paths[key])
        white = {"ground": "rgb(255, 255, 255)", "scheme": "light", "tables": True}
        assert page.evaluate(ON_PAPER) == {"shown": [], "cut": [], **white}, key
    page.context.close()


def test_the_desk_works_without_javascript(browser, board):
    page = opened(browser, board, "officer", java_script_enabled=False)
    page.goto(f"{board.address}/b/v.which")
    waiting = page.locator("table.reports tbody tr").count()
    assert waiting >= 1
    expect(page.locator(".keys")).to_be_hidden()
    page.locator(".accept button").last.click()
    expect(page.locator(".noted")).to_contain_text("Đã duyệt")
    page.locator(".noted button").click()
    expect(page.locator("table.reports tbody tr")).to_have_count(waiting)
    page.locator("a.open").last.click()
    page.locator("#correct-HT1 summary").click()
    page.locator("#correct-HT1 input[name=value]").fill("301/400")
    page.locator("#correct-HT1 input[name=reason]").fill("Ghi nhầm")
    page.locator("#correct-HT1 button").click()
    expect(page.locator("#HT1")).to_contain_text("301/400")
    page.locator("#CQ4 input[name=question]").check()
    page.locator("#note").fill("Xin xem lại ạ")
    page.locator("#return button").click()
    expect(page.locator(".noted")).to_contain_text("Đã trả lại")
    figure = next(one for one in pages_of(board, "officer") if key_of(one) == "m.afig")
    page.goto(board.address + figure)
    page.locator(".typed [name=text]").fill("500")
    page.locator(".typed button").click()
    expect(page.locator("h1")).to_contain_text("→ 500")
    page.context.close()


def test_the_key_f_can_be_switched_off(browser, board):
    page = opened(browser, board, "chair")
    page.goto(f"{board.address}/b/start")
    page.locator(".heard input").uncheck()
    page.keyboard.press("f")
    page.reload()
    page.keyboard.press("f")
    expect(page.locator(".heard input")).not_to_be_checked()
    page.locator(".heard input").check()
    page.locator("a").first.focus()
    page.keyboard.press("f")
    page.wait_for_url(re.compile("/b/meet/"))
    page.locator(".heard input").uncheck()
    address = page.url
    page.locator("a").first.focus()
    page.keyboard.press("ArrowRight")
    page.locator("a[rel=next]").click()
    assert page.url != address
    page.context.close()
