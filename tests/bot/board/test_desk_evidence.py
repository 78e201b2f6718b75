"""Evidence and difficulties on the board: pictures for whoever may see them, names for nobody."""

import pytest

from handlers.flow.press import packed
from storage.difficulties import difficulties
from storage.evidence import evidence
from storage.evidence.evidence_files import new_name, path_of
from tests.bot.board.conftest import PUBLIC, first_page
from tests.bot.board.test_desk import forms, report_in, submit
from tests.bot.board.test_pages import links_of
from tests.handlers.two_communes import NOW

NAME = "Nguyễn Thị Hoa"
PICTURE = b"\xff\xd8 a picture"


def kept(house):
    """A file below DATA_DIR, by its name there."""
    name = new_name()
    file = path_of(house.folder, name)
    file.parent.mkdir(parents=True)
    file.write_bytes(PICTURE)
    return name


@pytest.fixture
async def officer(house):
    return await house.enter("O")


@pytest.fixture
async def report(house):
    """A report that was sent, with a file, a link and a difficulty that name somebody."""
    found, (who, area) = await report_in(house, "sent"), house.people["R"]
    name = kept(house)

    def add(tx):
        one = evidence.add_attachment(
            tx, found, "CQ3", kind="file", reference="telegram:1", name=f"{NAME}.pdf",
            media_type="application/pdf", size=3, by=who, now=NOW,
        )  # fmt: skip
        evidence.fetched(tx, one, name, len(PICTURE), "application/pdf")
        evidence.add_link(tx, found, "CQ3", "https://anh.example/nha-ba-hoa", by=who, now=NOW)
        difficulties.raise_difficulty(
            tx, commune_id=area.commune_id, text=f"{NAME} mất máy.", by=who, now=NOW,
            unit_id=found.unit_id,
        )  # fmt: skip

    await house.write(add)
    return found


async def test_files_are_named_by_their_question_and_number(house, officer, report):
    page = await officer.get(f"{PUBLIC}/b/v.one/{packed(report.id)}")
    assert NAME not in page.text
    assert "Tệp 2" in page.text
    assert "Đường dẫn 3" in page.text  # a link stood there before
    link = page.text.split('href="/bang/evidence/')[1].split('"')[0]
    file = await officer.get(f"{PUBLIC}/evidence/{link}")
    assert file.content == PICTURE
    assert 'filename="CQ3-2.pdf"' in file.headers["Content-Disposition"]


async def test_no_shared_page_has_what_a_file_is_called_or_what_somebody_wrote(
    house, officer, report
):
    page = await officer.get(f"{PUBLIC}/b/v.one/{packed(report.id)}")
    correct = next(one for one in forms(page, "/desk.correct/") if one[0].endswith("/HT1"))
    assert "Đã sửa" in (await submit(officer, correct, value="3/5", reason=f"{NAME} đọc nhầm")).text
    back = forms(await officer.get(page.url), "/desk.return/")[0]
    await submit(officer, back, question=["CQ3"], text=f"Nhờ {NAME} xem lại")
    chair = await house.enter("L")
    first = await first_page(chair)
    pages = {
        path: await chair.get(f"https://xa.example.vn{path}", follow_redirects=True)
        for path in (str(first.url.path), *links_of(first))
        if "/d." not in path
    }
    area = next(path for path, one in pages.items() if "Khu Kín" in one.text and "/map/" in path)
    for path in (one for one in links_of(pages[area]) if "/d." not in one):
        pages[path] = await chair.get(f"https://xa.example.vn{path}")
    assert any("Tệp 2" in one.text for one in pages.values())
    assert any("nêu vướng mắc" in one.text for one in pages.values())
    assert not [path for path, one in pages.items() if NAME in one.text]


async def test_a_difficulty_has_its_photo_for_those_who_read_it(house, officer):
    who, area = house.people["R"]
    name = kept(house)
    one = await house.write(
        lambda tx: difficulties.raise_difficulty(
            tx, commune_id=area.commune_id, text="Sóng yếu.", by=who, now=NOW,
            unit_id=area.unit_id, photo=name,
        )
    )  # fmt: skip
    page = await officer.get(f"{PUBLIC}/b/d.one/{packed(one)}")
    link = f"{PUBLIC}/difficulty/{packed(one)}"
    assert "/bang/difficulty/" in page.text
    assert (await officer.get(link)).content == PICTURE
    assert (await (await house.enter("L")).get(link)).content == PICTURE
    for letter in "lqz":
        assert (await (await house.enter(letter)).get(link)).status_code == 404
    assert (await house.browser().get(link)).status_code == 404
    for damaged in ("zz~", "", "0"):
        assert (await officer.get(f"{PUBLIC}/difficulty/{damaged}")).status_code == 404
    settled = await submit(officer, forms(page, "/d.done/")[0])
    assert 'class="noted"' in settled.text
