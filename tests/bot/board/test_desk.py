"""The officer's desk: a whole review by forms, two officers at once, what is typed, the files."""

import base64
import io
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from handlers.flow.press import packed
from storage.difficulties import difficulties
from storage.people import people
from storage.people.short_codes import read_code
from storage.places import places
from storage.reports import reports
from storage.rounds import rounds
from storage.tables import answers, history
from tests.bot.board.conftest import PUBLIC
from tests.handlers.two_communes import NOW, person

FORM = re.compile(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
NAMED = re.compile(r"<[^>]+>")


def at(path):
    """A whole address."""
    return f"https://xa.example.vn{path}"


def forms(answer, part=""):
    """The forms of a page whose address has this part: address and hidden fields."""
    text = answer.text.replace("&amp;", "&")
    return [(to, dict(HIDDEN.findall(inside))) for to, inside in FORM.findall(text) if part in to]


async def submit(browser, form, **more):
    """Post a form; gives the page that it leads to."""
    address, hidden = form
    return await browser.post(at(address), data={**hidden, **more}, follow_redirects=True)


async def table(browser, query=""):
    """The officer's table of reports."""
    answer = await browser.get(f"{PUBLIC}/b/v.which", follow_redirects=True)
    assert answer.status_code == 200
    return await browser.get(f"{answer.url}{query}") if query else answer


async def report_page(browser):
    """The page of the first report that waits."""
    found = re.search(r'class="open" href="([^"]+)"', (await table(browser)).text)
    return await browser.get(at(found[1]))


async def report_in(house, state, letter="O"):
    """A report of the officer's commune in this state."""
    commune = house.people[letter][1].commune_id

    def look(tx):
        round_ = rounds.open_rounds(tx, commune, NOW)[0]
        found = reports.reports_of_round(tx, round_.id).values()
        office = places.office_of(tx, commune).id
        return next(one for one in found if one.state == state and one.unit_id != office)

    return await house.database.read(look)


async def state_of(house, report):
    return (await house.database.read(lambda tx: reports.report_by_id(tx, report.id))).state


@pytest.fixture
async def officer(house):
    return await house.enter("O")


async def test_the_table_has_every_area_under_the_filter_of_its_state(officer):
    waiting, missing, everything = [
        (await table(officer, query)).text for query in ("", "?show=missing", "?show=all")
    ]
    assert waiting.count('id="report-') == 2
    assert missing.count('id="report-') == 1
    assert everything.count('id="report-') == 3
    marked = (await table(officer, "?show=waiting&mark=none")).text
    assert marked.count('id="report-') == 0
    assert (await table(officer, "?show=%3Cscript%3E&mark=x")).text.count('id="report-') == 2


async def test_a_report_is_accepted_from_the_table_and_taken_back_again(house, officer):
    report = await report_in(house, "sent")
    page = await submit(officer, forms(await table(officer), "/v.ok/")[0])
    assert await state_of(house, report) == "accepted"
    assert "Đã duyệt" in page.text
    page = await submit(officer, forms(page, "/v.undo/")[0])
    assert await state_of(house, report) == "sent"
    assert "chờ duyệt" in page.text
    again = await submit(officer, forms(await table(officer), "/v.ok/")[0])
    other = await house.enter("O")
    assert "/v.undo/" not in (await table(other)).text
    assert "/v.undo/" in again.text


async def test_a_return_names_the_questions_and_has_a_note(house, officer):
    report = await report_in(house, "sent")
    page = await report_page(officer)
    form = forms(page, "/desk.return/")[0]
    refused = await submit(officer, form, text="xem lại giúp")
    assert "ít nhất một câu" in refused.text
    done = await submit(officer, form, question=["HT1", "CQ3"], text="xem lại giúp")
    assert "Đã trả lại" in done.text
    assert await state_of(house, report) == "returned"
    named = await house.database.read(
        lambda tx: reports.named_by_return(tx, reports.report_by_id(tx, report.id))
    )
    assert named == {"HT1", "CQ3"}


async def test_an_answer_is_corrected_with_a_reason_or_the_sentence_says_why_not(house, officer):
    report = await report_in(house, "sent")
    page = await report_page(officer)
    form = forms(page, "/desk.correct/" + page.url.path.rsplit("/", 1)[1] + "/HT1")[0]
    for value, said in (("nhiều lắm", "chưa hiểu"), ("500/400", "chưa hiểu"), ("", "cả số đúng")):
        assert said in (await submit(officer, form, value=value, reason="ghi nhầm")).text
    assert "cả số đúng" in (await submit(officer, form, value="3/5", reason=" ")).text
    assert "Đã sửa câu 1" in (await submit(officer, form, value="3/5", reason="ghi nhầm")).text
    given = await house.database.read(lambda tx: reports.answers_of(tx, report.id)["HT1"])
    assert (given.value.numerator, given.value.denominator) == (3, 5)
    page = await report_page(officer)
    yes_no = next(one for one in forms(page, "/desk.correct/") if one[0].endswith("/CQ3"))
    assert "Đã sửa câu" in (await submit(officer, yes_no, value="n", reason="ghi nhầm")).text


async def second_officer(house):
    """Another officer of Kín."""
    commune = house.people["O"][1].commune_id

    def add(tx):
        somebody = person(tx, "O2", "Người Kín O2")
        member = people.add_membership(tx, somebody.id, "officer", now=NOW, commune_id=commune)
        return somebody.id, member

    house.people["O2"] = await house.write(add)
    return await house.enter("O2")


async def test_the_second_of_two_officers_sees_what_changed_and_overwrites_nothing(house, officer):
    other, report = await second_officer(house), await report_in(house, "sent")
    mine, theirs = await report_page(officer), await report_page(other)
    correct = next(one for one in forms(mine, "/desk.correct/") if one[0].endswith("/HT1"))
    await submit(officer, correct, value="3/5", reason="ghi nhầm")
    before = await house.database.read(lambda tx: reports.answers_of(tx, report.id))
    for part, more in (
        ("/HT1", {"value": "4/6", "reason": "nghe lại"}),
        ("/desk.return/", {"question": ["CQ3"], "text": "xem lại"}),
        ("/v.ok/", {}),
    ):
        form = next(one for one in forms(theirs) if part in one[0])
        page = await submit(other, form, **more)
        assert "vừa có thay đổi" in page.text, part
        assert "3/5" in page.text
        assert "trước đó: 3/4" in NAMED.sub("", page.text), part
    assert await state_of(house, report) == "sent"
    assert await house.database.read(lambda tx: reports.answers_of(tx, report.id)) == before
    await submit(officer, forms(await report_page(officer), "/v.ok/")[0])
    late = next(one for one in forms(theirs) if "/v.ok/" in one[0])
    assert "đã duyệt rồi" in (await submit(other, late)).text


async def test_what_was_typed_into_a_form_that_did_nothing_stays_in_its_fields(house, officer):
    await report_in(house, "sent")
    seen = await report_page(officer)
    correct = next(one for one in forms(seen, "/desk.correct/") if one[0].endswith("/HT1"))
    unread = await submit(officer, correct, value="nhiều", reason="khu đọc nhầm")
    assert 'value="nhiều"' in unread.text
    assert 'value="khu đọc nhầm"' in unread.text
    await submit(officer, correct, value="3/5", reason="ghi nhầm")
    return_ = forms(seen, "/desk.return/")[0]
    page = await submit(officer, return_, question=["CQ3"], text="xem lại giúp xã")
    assert ">xem lại giúp xã</textarea>" in page.text
    assert re.findall(r'name="question" value="(\w+)" checked', page.text) == ["CQ3"]


async def test_a_report_is_entered_by_telephone_question_by_question(house, officer):
    page = await table(officer, "?show=missing")
    page = await submit(officer, forms(page, "/v.open/")[0])
    assert page.url.path.endswith("/desk.fill"), page.text
    report = await report_in(house, "draft")
    for _ in range(30):
        presses = {to.split("/")[3]: (to, hidden) for to, hidden in forms(page) if "/b/" in to}
        if "send" in presses:
            break
        choice = next((one for one in ("ok", "same", "yes") if one in presses), None)
        if choice:
            page = await submit(officer, presses[choice])
        elif "desk.say" in presses and "unkn" not in presses:
            page = await submit(officer, presses["desk.say"], text="3/4")
        else:
            page = await submit(officer, presses["skip"])
        assert page.status_code == 200
    stale = presses["send"]
    page = await submit(officer, presses["send"])
    for _ in range(3):
        again = [one for one in forms(page) if "/send/" in one[0] or "/ok/" in one[0]]
        if await state_of(house, report) == "sent" or not again:
            break
        page = await submit(officer, again[0])
    assert await state_of(house, report) == "sent"
    sends = (await house.database.read(lambda tx: reports.report_by_id(tx, report.id))).sends
    await submit(officer, stale)
    after = await house.database.read(lambda tx: reports.report_by_id(tx, report.id))
    assert after.sends == sends


async def test_an_answer_typed_for_another_question_is_not_taken(house, officer):
    page = await table(officer, "?show=missing")
    page = await submit(officer, forms(page, "/v.open/")[0])
    old = forms(page, "/desk.say/")[0]
    skip = forms(page, "/skip/")[0]
    await submit(officer, skip)
    before = await house.database.read(lambda tx: tx.execute(sa.select(answers)).all())
    await submit(officer, old, text="350/400")
    assert await house.database.read(lambda tx: tx.execute(sa.select(answers)).all()) == before


async def test_what_is_typed_on_the_way_is_kept_for_the_next_screen_only(house, officer):
    page = await report_page(officer)
    key = page.url.path.rsplit("/", 1)[1]
    step = await officer.get(f"{PUBLIC}/b/v.fixq/{key}/HT1")
    asked = await submit(officer, forms(step, "/v.fixq/")[0], text="3/5")
    address, hidden = forms(asked, "/v.fixr/")[0]
    assert "said" in hidden
    forged = {**hidden, "said": hidden["said"][:-1] + "x"}
    await officer.post(at(address), data={**forged, "text": "ghi nhầm"})
    count = sa.select(sa.func.count()).select_from(history).where(history.c.way == "office")
    before = await house.database.read(lambda tx: tx.execute(count).scalar_one())
    done = await submit(officer, (address, hidden), text="ghi nhầm")
    assert "Đã sửa câu 1" in done.text
    assert await house.database.read(lambda tx: tx.execute(count).scalar_one()) == before + 1


@pytest.mark.parametrize("name", ["json", "csv", "xlsx", "png"])
async def test_every_format_comes_as_a_file(house, officer, name):
    page = await officer.get((await table(officer)).url)
    link = re.search(r'href="(/bang/b/s\.files/[^"]+)"', page.text)[1]
    made = next(
        one for one in forms(await officer.get(at(link)), "/s.make/") if one[0].endswith(name)
    )
    answer = await submit(officer, made)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert len(answer.content) > 100
    stranger = await house.enter("z")
    assert (await stranger.get(answer.url)).status_code == 404


async def test_an_invitation_is_made_and_its_letter_is_shown_once(officer):
    page = await officer.get(f"{PUBLIC}/b/m.home")
    link = re.search(r'href="/bang/b/m\.invs/(\w+)"', page.text)[1]
    page = await officer.get(f"{PUBLIC}/b/m.iset/{link}/o/0")
    made = await submit(officer, forms(page, "/m.imake/")[0])
    letter = re.search(r'class="card text letter">(.*?)</section>', made.text, re.DOTALL)[1]
    assert "https://t.me/" in letter
    assert "<svg" in letter  # the QR code, which the page itself has
    assert "https://t.me/" not in (await officer.get(made.url)).text


async def test_a_total_is_settled_and_a_yes_no_is_confirmed(house, officer):
    report = await report_in(house, "sent")
    page = await report_page(officer)
    link = re.search(r'href="(/bang/b/v\.tot/[^"]+)"', page.text)[1]
    settled = await submit(officer, forms(await officer.get(at(link)), "/v.tota/")[0])
    assert "đã lấy tổng số của khu" in settled.text
    given = await house.database.read(lambda tx: reports.answers_of(tx, report.id)["HT1"])
    assert given.commune_total is None
    round_ = re.search(r"/b/s\.files/(\w+)", page.text)[1]
    asked = await officer.get(f"{PUBLIC}/b/confy/{round_}/CQ3")
    done = await submit(officer, forms(asked, "/confy/")[0], text="có biên bản họp của tổ")
    assert done.url.path.endswith(f"/conf/{round_}/CQ3")
    assert "có biên bản họp của tổ" in done.text


SAVED = re.compile(r'href="data:[^;]+;base64,([^"]+)" download="([^"]+)"')


async def test_sheets_are_made_after_the_commit_and_stand_in_the_page_once(house, officer):
    docx = pytest.importorskip("docx")
    page = await officer.get(f"{PUBLIC}/b/m.home")
    commune = re.search(r'href="/bang/b/m\.invs/(\w+)"', page.text)[1]
    page = await officer.get(f"{PUBLIC}/b/m.ish/{commune}")
    made = await submit(officer, forms(page, "/m.ishy/")[0])
    content, name = SAVED.search(made.text.replace("&#43;", "+")).groups()
    assert name.endswith(".docx")
    document = docx.Document(io.BytesIO(base64.b64decode(content)))
    lines = [one.text for one in document.paragraphs]
    code = next(one for one in lines if one.startswith("Mã mời: "))[8:20]
    found = await house.database.read(
        lambda tx: house.deployment.short_codes.find(tx, read_code(code))
    )
    assert found.valid(NOW)
    assert not SAVED.search((await officer.get(f"{PUBLIC}/b/m.invs/{commune}")).text)


async def test_a_day_an_hour_and_numbers_are_said_in_the_words_of_the_chat(house, officer):
    page = await officer.get(f"{PUBLIC}/b/m.home")
    commune = re.search(r'href="/bang/b/m\.invs/(\w+)"', page.text)[1]
    page = await officer.get(f"{PUBLIC}/b/m.iset/{commune}/o/0")
    page = await submit(officer, forms(page, "/m.iset/")[0], people="12", days="14")
    assert "12 người, trong 14 ngày" in page.text
    round_ = re.search(
        r"/b/m\.round/(\w+)", (await officer.get(f"{PUBLIC}/b/m.rounds/{commune}")).text
    )[1]
    asked = await officer.get(f"{PUBLIC}/b/m.rdl/{round_}")
    assert 'type="date"' in asked.text
    day = (NOW + timedelta(days=5)).date()
    moved = await submit(officer, forms(asked, "/m.rdl/")[0], text=day.isoformat())
    assert f"{day:%-d/%-m}" in moved.text
    plan = await officer.get(f"{PUBLIC}/b/m.rplan/{round_}")
    assert 'type="time"' in plan.text
    assert "09:30" in (await submit(officer, forms(plan, "/m.rplan/")[0], text="09:30")).text


async def test_what_was_typed_and_not_taken_stays_in_its_field(officer):
    page = await officer.get(f"{PUBLIC}/b/m.home")
    commune = re.search(r'href="/bang/b/m\.invs/(\w+)"', page.text)[1]
    asked = await officer.get(f"{PUBLIC}/b/n.text/{commune}/all")
    long = "Mời họp <tối> nay. " * 200
    refused = await submit(officer, forms(asked, "/n.text/")[0], text=long)
    assert 'class="noted"' in refused.text
    assert "Mời họp &lt;tối&gt; nay. Mời họp" in refused.text
    look = await submit(officer, forms(refused, "/n.text/")[0], text="Mời họp tối nay")
    back = await submit(officer, next(one for one in forms(look) if "/n.text/" in one[0]))
    assert "Mời họp tối nay</textarea>" in back.text


async def test_a_step_that_another_officer_has_changed_is_shown_again_and_nothing_is_done(
    house, officer
):
    other, commune = await second_officer(house), house.people["O"][1].commune_id
    who, area = house.people["R"]
    one = await house.write(
        lambda tx: difficulties.raise_difficulty(
            tx, commune_id=commune, text="Sóng yếu.", by=who, now=NOW, unit_id=area.unit_id
        )
    )
    asked = f"{PUBLIC}/b/d.ans/{packed(one)}"
    pages = [await who.get(asked) for who in (officer, other)]
    answer = [forms(page, "/d.ans/")[0] for page in pages]
    await submit(other, answer[1], text="Xã đã gọi thợ.")
    page = await submit(officer, answer[0], text="Để xã hỏi lại.")
    assert "có người khác thay đổi" in page.text
    assert "Xã đã gọi thợ." in page.text
    assert "Để xã hỏi lại.</textarea>" in page.text  # not to be typed twice
    stands = await house.database.read(lambda tx: difficulties.difficulty_by_id(tx, one))
    assert stands.answer == "Xã đã gọi thợ."
    await submit(officer, forms(page, "/d.ans/")[0], text="Để xã hỏi lại.")
    stands = await house.database.read(lambda tx: difficulties.difficulty_by_id(tx, one))
    assert stands.answer == "Để xã hỏi lại."
