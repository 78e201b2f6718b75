"""The workbook by upload: its errors by cell, what it would change, and that only then it does."""

import asyncio
import base64
import io
import re
import zipfile

import openpyxl
import pytest

from storage.people.short_codes import read_code
from storage.places import places
from tests.bot.board.conftest import PUBLIC, token_in
from tests.bot.board.test_desk import forms, submit
from tests.handlers.operator.province import NAMES, write_roster


async def send(browser, content, token=None):
    """Choose a file in the form and send it."""
    page = await browser.get(f"{PUBLIC}/b/desk.book")
    given = {"token": token if token is not None else token_in(page)}
    files = {"file": ("so-lieu.xlsx", content)}
    answer = await browser.post(f"{PUBLIC}/workbook", data=given, files=files)
    return answer if answer.status_code != 303 else await browser.get(answer.headers["Location"])


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "roster.xlsx"
    write_roster(path)
    return path.read_bytes()


async def communes(house):
    return [one.name for one in await house.database.read(places.communes)]


async def test_what_it_would_change_is_shown_and_then_done_once(house, roster):
    browser, before = await house.enter("W"), await communes(house)
    page = await send(browser, roster)
    assert page.status_code == 200
    assert "<table" in page.text
    assert await communes(house) == before
    done = await submit(browser, forms(page, "/b.apply/")[0])
    assert len(await communes(house)) > len(before)
    assert 'class="noted"' in done.text


async def test_the_codes_of_new_invitations_are_shown_as_they_cannot_be_had_again(house, roster):
    book = openpyxl.load_workbook(io.BytesIO(roster))
    people = book.create_sheet("Người")
    for row in (["Vai trò", "Xã"], ["Cán bộ xã", NAMES[0]], ["Lãnh đạo xã", NAMES[1]]):
        people.append(row)
    book.save(changed := io.BytesIO())
    browser = await house.enter("W")
    page = await send(browser, changed.getvalue())
    done = await submit(browser, forms(page, "/b.apply/")[0])
    assert "/b/o.home" in done.text
    assert len(set(re.findall(r"start=([\w-]+)", done.text))) == 2
    assert "data-live" not in done.text  # a change would take them away


def saved(page):
    """The workbook that a page offers."""
    (content,) = re.findall(r'href="data:[^"]*sheet;base64,([^"]+)"', page.text)
    return openpyxl.load_workbook(io.BytesIO(base64.b64decode(content)))


async def test_invitations_for_every_commune_of_a_province_come_as_one_file(house, roster):
    book = openpyxl.load_workbook(io.BytesIO(roster))
    people = book.create_sheet("Người")
    for row in (["Vai trò", "Xã"], *(["Cán bộ xã", name] for name in NAMES)):
        people.append(row)
    book.save(changed := io.BytesIO())
    browser = await house.enter("W")
    page = await send(browser, changed.getvalue())
    done = await submit(browser, forms(page, "/b.apply/")[0])
    assert "148 thư mời nằm trong tệp" in done.text
    head, *rows = saved(done)["Thư mời"].iter_rows(values_only=True)
    assert head == ("Nơi", "Vai trò", "Số người", "Đường dẫn", "Mã mời", "Hạn dùng")
    assert sorted(row[0] for row in rows) == sorted(NAMES)
    codes = house.deployment.short_codes
    find = lambda tx: {codes.find(tx, read_code(row[4])).commune_id for row in rows}  # noqa: E731
    assert len(await house.database.read(find)) == 148
    assert len({row[3] for row in rows}) == 148
    assert "start=" not in (await browser.get(f"{PUBLIC}/b/o.home")).text


@pytest.mark.parametrize("letter", ["O", "P"])
async def test_the_workbook_to_fill_in_has_ones_own_communes_and_changes_nothing(house, letter):
    browser = await house.enter(letter)
    page = await browser.get(f"{PUBLIC}/b/desk.book")
    made = await submit(browser, forms(page, "/desk.book.form")[0])
    book = saved(made)
    communes = [row[1] for row in book["Xã"].iter_rows(min_row=2, values_only=True)]
    assert communes == ["Xã Kín"]
    assert {row[0] for row in book["Khu"].iter_rows(min_row=2, values_only=True)} == {
        book["Xã"]["A2"].value
    }
    book.save(again := io.BytesIO())
    assert "Không có gì phải sửa" in (await send(browser, again.getvalue())).text


async def test_a_leader_gets_no_workbook_to_fill_in(house):
    leader = await house.enter("L")
    token = token_in(await leader.get(f"{PUBLIC}/", follow_redirects=True))
    answer = await leader.post(f"{PUBLIC}/b/desk.book.form", data={"token": token})
    assert answer.status_code == 404


async def test_an_officer_reads_the_errors_by_cell_and_nothing_is_changed(house, roster):
    browser, before = await house.enter("O"), await communes(house)
    page = await send(browser, roster)
    assert 'class="wrong"' in page.text
    assert re.search(r"dòng \d|hàng \d|[A-Z]\d", page.text)
    assert not forms(page, "/b.apply/")
    assert await communes(house) == before


async def test_what_is_no_workbook_is_refused_with_a_sentence(house):
    browser = await house.enter("O")
    for content in (b"", b"PK nothing", b"x" * 5_000_000):
        assert 'class="noted"' in (await send(browser, content)).text


async def test_only_who_may_and_only_with_the_token(house, roster):
    assert (await send(await house.enter("O"), roster, token="0" * 64)).status_code == 403
    leader = await house.enter("L")
    token = token_in(await leader.get(f"{PUBLIC}/", follow_redirects=True))
    files = {"file": ("so-lieu.xlsx", roster)}
    answer = await leader.post(f"{PUBLIC}/workbook", data={"token": token}, files=files)
    assert answer.status_code == 404


async def test_a_body_without_end_is_refused_wherever_a_form_is_taken(house):
    browser, read = await house.enter("O"), 0

    async def endless():
        nonlocal read
        while read < 100_000_000:
            read += 65_536
            yield b"x" * 65_536

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for place in ("/", "/out", "/b/v.ok", "/workbook"):
        read = 0
        answer = await browser.post(f"{PUBLIC}{place}", content=endless(), headers=form)
        assert answer.status_code in {303, 404, 405, 413}, place
        assert read < 10_000_000, place
    stranger, read = house.browser(), 0
    answer = await stranger.post(f"{PUBLIC}/workbook", content=endless(), headers=form)
    assert answer.status_code == 404
    assert read <= 65_536


def changed(roster, sheet):
    """The workbook with another first sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(roster)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for part in old.infolist():
            first = part.filename == "xl/worksheets/sheet1.xml"
            new.writestr(part.filename, sheet if first else old.read(part))
    return out.getvalue()


FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
LOWER = b'<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>'
MANY = b"".join(
    b'<row r="%d"><c r="A%d"><v>1</v></c><c r="SJ%d"><v>1</v></c></row>' % (row, row, row)
    for row in range(1, 4000)
)


@pytest.mark.parametrize(
    ("rows", "said"), [(FAR, "XFD1048576"), (LOWER, "nặng quá"), (MANY, "nặng quá")]
)
async def test_a_small_file_with_endless_cells_is_refused_by_the_child(house, roster, rows, said):
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (space, rows)
    page = await send(await house.enter("O"), changed(roster, sheet))
    assert said in page.text


async def test_of_several_files_of_one_person_at_once_one_is_taken(house, roster):
    browser = await house.enter("W")
    token = token_in(await browser.get(f"{PUBLIC}/b/desk.book"))

    def post():
        files = {"file": ("so-lieu.xlsx", roster)}
        return browser.post(f"{PUBLIC}/workbook", data={"token": token}, files=files)

    answers = await asyncio.gather(*(post() for _ in range(4)))
    led = [one.headers["Location"].removeprefix("/bang") for one in answers]
    assert sorted(led)[1:] == ["/b/desk.book"] * 3
    assert min(led).startswith("/b/b.look")
    assert (await post()).headers["Location"] != f"{PUBLIC}/b/desk.book"


async def test_a_form_that_is_no_form_gets_a_sentence(house):
    browser = await house.enter("O")
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x", "application/json"):
        answer = await browser.post(
            f"{PUBLIC}/workbook", content=b"--x\r\nabc", headers={"Content-Type": kind}
        )
        assert answer.status_code in {303, 403}, kind
