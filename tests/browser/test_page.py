"""The page alone, with the simulator; the test plays the bot."""

import json

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

HOA = '.phone[data-name="Nguyễn Thị Hoa"]'
VIET = '.phone[data-name="Phạm Quốc Việt"]'


@pytest.fixture
def hoa(simulator):
    """The id of a telephone that has started the bot."""
    number = next(iter(simulator.world.phones))
    simulator.world.start(number)
    return number


def keyboard(*rows):
    return {
        "inline_keyboard": [[{"text": text, "callback_data": text} for text in row] for row in rows]
    }


def write(phone, text):
    phone.locator("textarea.draft").fill(text)
    phone.locator("textarea.draft").press("Enter")


def test_the_start_button_sends_the_payload_of_the_link(simulator, open_page):
    page = open_page(simulator.address)
    phone = page.locator(HOA)
    expect(phone.locator("textarea.draft")).to_be_hidden()
    phone.get_by_role("button", name="Bắt đầu").click()
    expect(phone.locator(".bubble.out")).to_contain_text("/start abc-123")
    expect(phone.locator("textarea.draft")).to_be_visible()
    assert simulator.updates("message")[0]["text"] == "/start abc-123"


def test_formatting_is_shown_and_markup_in_a_text_is_plain_text(simulator, open_page, hoa):
    page = open_page(simulator.address)
    simulator.call(
        "sendMessage",
        chat_id=hoa,
        text="🏘 <b>Câu 3. <i>Cơ sở</i></b> <code>350/400</code> &lt;img src=x onerror=alert(1)&gt;",
        parse_mode="HTML",
    )
    text = page.locator(HOA).locator(".bubble.in .text").last
    expect(text).to_have_text("🏘 Câu 3. Cơ sở 350/400 <img src=x onerror=alert(1)>")
    expect(text.locator("strong")).to_have_text("Câu 3. Cơ sở")
    expect(text.locator("strong em")).to_have_text("Cơ sở")
    expect(text.locator("code")).to_have_text("350/400")
    expect(text.locator("img")).to_have_count(0)


def test_a_double_click_is_one_press_and_the_answer_frees_the_button(simulator, open_page, hoa):
    page = open_page(simulator.address)
    sent = simulator.call(
        "sendMessage", chat_id=hoa, text="Câu 5", reply_markup=keyboard(["Có", "Chưa"])
    )
    button = page.locator(HOA).get_by_role("button", name="Có", exact=True)
    button.dblclick()
    expect(button).to_have_attribute("aria-busy", "true")
    query = simulator.updates("callback_query")[0]
    assert simulator.waiting() == 0
    simulator.call("answerCallbackQuery", callback_query_id=query["id"], text="Đã ghi: Có")
    expect(page.locator(HOA).locator(".toast")).to_have_text("Đã ghi: Có")
    expect(button).not_to_have_attribute("aria-busy", "true")
    simulator.call("editMessageText", chat_id=hoa, message_id=sent["message_id"], text="Câu 6")
    expect(page.locator(HOA).locator(".bubble.in").last).to_contain_text("Câu 6đã sửa")
    expect(page.locator(HOA).locator("button.inline")).to_have_count(0)


def test_an_alert_waits_until_it_is_read(simulator, open_page, hoa):
    page = open_page(simulator.address)
    simulator.call("sendMessage", chat_id=hoa, text="Nhắc?", reply_markup=keyboard(["⏰ Nhắc"]))
    page.locator(HOA).locator("button.inline").click()
    query = simulator.updates("callback_query")[0]
    simulator.call(
        "answerCallbackQuery", callback_query_id=query["id"], text="Đã nhắc.", show_alert=True
    )
    alert = page.locator(HOA).get_by_role("alertdialog")
    expect(alert).to_contain_text("Đã nhắc.")
    page.keyboard.press("Enter")
    expect(alert).to_be_hidden()


def test_the_last_own_message_is_edited_from_the_keyboard(simulator, open_page, hoa):
    page = open_page(simulator.address)
    phone = page.locator(HOA)
    write(phone, "340")
    expect(phone.locator(".bubble.out").last).to_contain_text("340")
    draft = phone.locator("textarea.draft")
    draft.press("ArrowUp")
    expect(draft).to_have_value("340")
    draft.fill("341")
    draft.press("Enter")
    expect(phone.locator(".bubble.out").last).to_contain_text("341đã sửa")
    assert simulator.updates("edited_message")[0]["text"] == "341"


def test_the_menu_of_a_message_opens_with_the_right_button(simulator, open_page, hoa):
    page = open_page(simulator.address)
    phone = page.locator(HOA)
    write(phone, "350/400")
    expect(phone.locator(".bubble.out").last).to_contain_text("350/400")
    phone.locator(".bubble.out .body").last.click(button="right")
    phone.get_by_role("menuitem", name="Trả lời").click()
    write(phone, "nhầm")
    expect(phone.locator(".bubble.out").last.locator(".quote span")).to_have_text("350/400")


def asked_and_overtaken(simulator, chat):
    """Two questions; the number of the first."""
    first = simulator.call("sendMessage", chat_id=chat, text="Câu 1. Bao nhiêu người?")
    simulator.call("sendMessage", chat_id=chat, text="Câu 2. Bao nhiêu cán bộ?")
    return first["message_id"]


def test_an_arrow_on_a_message_begins_a_reply(simulator, open_page, hoa):
    first = asked_and_overtaken(simulator, hoa)
    page = open_page(simulator.address)
    phone = page.locator(HOA)
    question = phone.locator(f'.bubble[data-message="{first}"]')
    question.locator(".body").hover()
    question.get_by_role("button", name="Trả lời").click()
    expect(phone.locator(".note.reply")).to_contain_text("Câu 1. Bao nhiêu người?")
    write(phone, "280")
    quote = phone.locator(".bubble.out").last.locator(".quote")
    expect(quote.locator("strong")).to_have_text("Xã thông minh")
    expect(quote.locator("span")).to_have_text("Câu 1. Bao nhiêu người?")
    expect(phone.locator(".note")).to_have_count(0)
    message = simulator.updates("message", 2)[-1]
    assert (message["text"], message["reply_to_message"]["message_id"]) == ("280", first)


def test_a_reply_can_be_begun_and_cancelled_from_the_keyboard(simulator, open_page, hoa):
    first = asked_and_overtaken(simulator, hoa)
    page = open_page(simulator.address)
    phone = page.locator(HOA)
    arrow = phone.locator(f'.bubble[data-message="{first}"] .meta .reply')
    arrow.focus()
    expect(arrow).to_have_css("opacity", "1")
    page.keyboard.press("Enter")
    expect(phone.locator("textarea.draft")).to_be_focused()
    page.keyboard.press("Escape")
    expect(phone.locator(".note")).to_have_count(0)
    arrow.focus()
    page.keyboard.press("Enter")
    phone.get_by_role("button", name="Huỷ").click()
    write(phone, "5")
    expect(phone.locator(".bubble.out").last).to_contain_text("5")
    expect(phone.locator(".quote")).to_have_count(0)
    assert "reply_to_message" not in simulator.updates("message", 2)[-1]


def test_a_photo_can_reply_to_a_message(simulator, open_page, hoa):
    first = asked_and_overtaken(simulator, hoa)
    page = open_page(simulator.address)
    phone = page.locator(HOA)
    phone.locator(f'.bubble[data-message="{first}"] .body').click(button="right")
    phone.get_by_role("menuitem", name="Trả lời").click()
    phone.get_by_role("button", name="Đính kèm").click()
    phone.locator('[data-attach="samplePhoto"]').click()
    phone.locator("button.send").click()
    expect(phone.locator(".bubble.out").last.locator(".quote span")).to_contain_text("Câu 1")
    assert simulator.updates("message", 2)[-1]["reply_to_message"]["message_id"] == first


def test_a_swipe_to_the_left_begins_a_reply_on_a_touch_screen(simulator, open_page, hoa):
    first = asked_and_overtaken(simulator, hoa)
    page = open_page(simulator.address, narrow=True)
    phone = page.locator(HOA)
    box = phone.locator(f'.bubble[data-message="{first}"] .text').bounding_box()
    x, y = box["x"] + box["width"] - 10, box["y"] + box["height"] / 2
    touch = page.context.new_cdp_session(page)

    def finger(kind, *points):
        touch.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": at, "y": y} for at in points]},
        )

    finger("touchStart", x)
    for moved in (15, 30, 45, 60, 75):
        finger("touchMove", x - moved)
    finger("touchEnd")
    expect(phone.locator(".note.reply")).to_contain_text("Câu 1")
    write(phone, "280")
    expect(phone.locator(".bubble.out").last.locator(".quote span")).to_contain_text("Câu 1")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_bot_can_be_switched_off_and_on(simulator, open_page, hoa):
    turned = []

    async def turn(on):
        turned.append(on)

    page = open_page(simulator.address)
    expect(page.get_by_role("switch")).to_have_count(0)  # there is no bot to switch
    simulator.world.switch_bot = turn
    page.reload()
    other = open_page(simulator.address, narrow=True)
    switch = page.get_by_role("switch", name="Bot")
    expect(switch).to_be_checked()
    switch.click()
    expect(switch).not_to_be_checked()
    for window in (page, other):
        expect(window.locator(".bot-off")).to_have_text(
            "Bot đang tắt, tin nhắn chờ đến khi bật lại."
        )
    other.reload()
    expect(other.locator(".bot-off")).to_be_visible()
    other.get_by_role("switch").tap()
    expect(switch).to_be_checked()
    expect(page.locator(".bot-off")).to_be_hidden()
    assert turned == [False, True]


def test_commands_are_offered_while_typing(simulator, open_page, hoa):
    commands = [
        {"command": "baocao", "description": "Báo cáo"},
        {"command": "tinhhinh", "description": "Tình hình của xã"},
    ]
    simulator.call("setMyCommands", commands=commands)
    page = open_page(simulator.address)
    phone = page.locator(HOA)
    phone.locator("textarea.draft").press_sequentially("/t")
    expect(phone.locator(".command-list .item")).to_have_count(1)
    phone.get_by_role("menuitem", name="Tình hình của xã").click()
    expect(phone.locator(".bubble.out").last).to_contain_text("/tinhhinh")


def test_photos_and_files_are_sent_with_a_caption_and_can_be_enlarged(simulator, open_page, hoa):
    page = open_page(simulator.address)
    phone = page.locator(HOA)
    phone.get_by_role("button", name="Đính kèm").click()
    phone.locator('[data-attach="samplePhoto"]').click()
    expect(phone.locator(".note")).to_contain_text("doi-che.jpg")
    write(phone, "Họp tổ")
    expect(phone.locator(".bubble.out").last).to_contain_text("Họp tổ")
    phone.locator(".bubble.out .photo").click()
    expect(page.locator("dialog.viewer img")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog.viewer")).to_have_count(0)
    file = {"name": "biên bản.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
    phone.locator("input.picker").set_input_files([file])
    phone.locator("button.send").click()
    with page.expect_download() as download:
        phone.locator("a.file").click()
    assert download.value.suggested_filename == "biên bản.pdf"


def test_new_messages_do_not_move_a_page_that_was_scrolled_up(simulator, open_page, hoa):
    page = open_page(simulator.address)
    phone = page.locator(HOA)
    for number in range(30):
        simulator.call("sendMessage", chat_id=hoa, text=f"Tin {number}")
    expect(phone.locator(".bubble.in").last).to_be_in_viewport()
    phone.locator(".log").hover()
    page.mouse.wheel(0, -3000)
    expect(phone.locator(".bubble").first).to_be_in_viewport()
    simulator.call("sendMessage", chat_id=hoa, text="Tin mới")
    expect(phone.locator(".down .count")).to_have_text("1")
    expect(phone.locator(".bubble.in").last).not_to_be_in_viewport()
    phone.locator(".down").click()
    expect(phone.locator(".bubble.in").last).to_be_in_viewport()
    expect(phone.locator(".down")).to_be_hidden()


def test_a_join_link_can_be_opened_on_a_chosen_telephone(simulator, open_page, hoa):
    page = open_page(simulator.address)
    link = f"https://t.me/{simulator.world.bot['username']}?start=XyZ_9"
    simulator.call("sendMessage", chat_id=hoa, text=f"Mời vào: {link}")
    page.locator(HOA).locator(".bubble a", has_text="t.me").click()
    page.locator("dialog .choice", has_text="Phạm Quốc Việt").click()
    expect(page.locator(VIET).locator(".bubble.out")).to_contain_text("/start XyZ_9")
    page.locator(HOA).locator(".bubble a", has_text="t.me").click()
    page.get_by_role("button", name="Máy mới").click()
    page.get_by_label("Họ và tên").fill("Đỗ Văn Năm")
    page.keyboard.press("Enter")
    fresh = page.locator('.phone[data-name="Đỗ Văn Năm"]')
    fresh.get_by_role("button", name="Bắt đầu").click()
    expect(fresh.locator(".bubble.out")).to_contain_text("/start XyZ_9")


def test_a_lost_server_is_reported_and_the_chats_return_with_it(simulator, open_page, hoa):
    page = open_page(simulator.address)
    phone = page.locator(HOA)
    simulator.stop()
    expect(page.locator(".offline")).to_be_visible()
    write(phone, "361")
    expect(page.locator(".notice")).to_contain_text("không nối được tới máy chủ")
    expect(phone.locator("textarea.draft")).to_have_value("361")
    simulator.start()
    simulator.call("sendMessage", chat_id=hoa, text="Đã nối lại")
    expect(page.locator(".offline")).to_be_hidden()
    expect(phone.locator(".bubble.in").last).to_contain_text("Đã nối lại")
    phone.locator("button.send").click()
    expect(phone.locator(".bubble.out").last).to_contain_text("361")


def test_the_clock_moves_forward_and_the_transcript_is_a_file(simulator, open_page, hoa):
    page = open_page(simulator.address)
    expect(page.locator(".hour")).to_have_text("08:12")
    page.get_by_role("button", name="+1 giờ").click()
    expect(page.locator(".hour")).to_have_text("09:12")
    page.get_by_role("button", name="Tới hạn").click()
    expect(page.locator(".date")).to_have_text("Thứ Tư, 25/11/2026")
    expect(page.locator('[data-moment="deadline"]')).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải hội thoại").click()
    chats = json.loads(download.value.path().read_text("utf-8"))["chats"]
    assert [line["text"] for line in chats[0]["messages"]] == ["/start"]


def test_telephones_can_be_hidden_and_blocked_and_are_counted(simulator, open_page, hoa):
    page = open_page(simulator.address)
    phone = page.locator(HOA)
    phone.get_by_role("button", name="Ẩn máy này").click()
    expect(phone).to_be_hidden()
    simulator.call("sendMessage", chat_id=hoa, text="Có ai không?")
    chip = page.locator(".chip", has_text="Nguyễn Thị Hoa")
    expect(chip.locator(".badge")).to_have_text("1")
    chip.click()
    expect(chip.locator(".badge")).to_be_hidden()
    phone.get_by_role("button", name="Thao tác khác").click()
    phone.get_by_role("menuitem", name="Mở lại thư mời").click()
    expect(phone.locator(".bubble.out").last).to_contain_text("/start abc-123")
    phone.get_by_role("button", name="Thao tác khác").click()
    phone.get_by_role("menuitem", name="Chặn bot").click()
    phone.get_by_role("button", name="Bỏ chặn bot").click()
    expect(phone.locator("textarea.draft")).to_be_visible()
    statuses = [
        member["new_chat_member"]["status"] for member in simulator.updates("my_chat_member", 2)
    ]
    assert statuses == ["kicked", "member"]


def test_a_narrow_window_shows_one_telephone_with_everything_in_reach(simulator, open_page, hoa):
    page = open_page(simulator.address, narrow=True)
    expect(page.locator(".phone:visible")).to_have_count(1)
    phone = page.locator(HOA)
    phone.locator("textarea.draft").fill("350")
    phone.locator("button.send").tap()
    expect(phone.locator(".bubble.out").last).to_contain_text("350")
    send = phone.locator("button.send").bounding_box()
    assert send["x"] + send["width"] <= 390
    assert send["y"] + send["height"] <= 844
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator(".chip", has_text="Phạm Quốc Việt").tap()
    expect(page.locator(VIET)).to_be_visible()
    expect(phone).to_be_hidden()


def test_the_invitation_is_a_link(simulator, open_page):
    phone = open_page(simulator.address).locator(HOA)
    link = phone.locator(".empty a")
    expect(link).to_have_text(f"t.me/{simulator.world.bot['username']}?start=abc-123")
    link.click()
    expect(phone.locator(".bubble.out")).to_contain_text("/start abc-123")


def test_the_bottom_stays_in_sight_when_the_newest_message_grows(simulator, open_page, hoa):
    page = open_page(simulator.address)
    sent = simulator.call(
        "sendMessage", chat_id=hoa, text="Câu 1", reply_markup=keyboard(["Có", "Chưa"])
    )
    button = page.locator(HOA).locator("button.inline").last
    expect(button).to_be_in_viewport(ratio=1)
    simulator.call(
        "editMessageText",
        chat_id=hoa,
        message_id=sent["message_id"],
        text="Giải thích\n" * 60,
        reply_markup=keyboard(["◀ Về câu hỏi"]),
    )
    expect(button).to_have_text("◀ Về câu hỏi")
    expect(button).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 1500, "height": 700})  # as when the page's head grows
    expect(page.locator("h1")).to_be_hidden()
    expect(button).to_be_in_viewport(ratio=1)


def test_a_long_caption_is_cut_to_one_line_as_on_a_telephone(simulator, open_page, hoa):
    page = open_page(simulator.address)
    long = "Duyệt tất cả báo cáo không có dấu của mọi khu trong xã"
    rows = [[{"text": text, "callback_data": "x"}] for text in ("Ngắn", long)]
    simulator.call("sendMessage", chat_id=hoa, text="?", reply_markup={"inline_keyboard": rows})
    buttons = page.locator(HOA).locator("button.inline")
    expect(buttons).to_have_count(2)
    short, cut = buttons.all()
    assert cut.bounding_box()["height"] == short.bounding_box()["height"]


def test_the_page_speaks_english_too(simulator, open_page, hoa):
    page = open_page(simulator.address)
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Smart new-rural commune")
    expect(page.locator(VIET).get_by_role("button", name="Start")).to_be_visible()
    page.reload()
    expect(page.locator("h1")).to_have_text("Smart new-rural commune")


def test_everything_can_be_used_from_the_keyboard(simulator, open_page, hoa):
    page = open_page(simulator.address)
    sent = simulator.call(
        "sendMessage", chat_id=hoa, text="Câu 1", reply_markup=keyboard(["Có", "Chưa"])
    )
    page.locator(HOA).get_by_role("button", name="Có", exact=True).focus()
    page.keyboard.press("Enter")
    query = simulator.updates("callback_query")[0]
    simulator.call("answerCallbackQuery", callback_query_id=query["id"])
    simulator.call(
        "editMessageText",
        chat_id=hoa,
        message_id=sent["message_id"],
        text="Câu 2",
        reply_markup=keyboard(["Đúng", "Sửa"]),
    )
    expect(page.locator(HOA).get_by_role("button", name="Đúng")).to_be_focused()
    page.keyboard.press("Space")
    assert simulator.updates("callback_query")[0]["data"] == "Đúng"


def test_after_a_click_on_a_button_the_text_field_has_the_focus(simulator, open_page, hoa):
    page = open_page(simulator.address)
    simulator.call("sendMessage", chat_id=hoa, text="Câu 1", reply_markup=keyboard(["Sửa"]))
    page.locator(HOA).locator("button.inline").click()
    page.keyboard.type("350/400")
    page.keyboard.press("Enter")
    expect(page.locator(HOA).locator(".bubble.out").last).to_contain_text("350/400")
