"""Pictures and files with a screen: from the disk, by reference, several as one album."""

import pytest

from bot.terminal import TerminalChannel
from handlers.flow.channel import TERMINAL, Button, Enclosure, Reply, Screen, Sender, Shown
from storage.evidence.evidence_files import new_name, path_of
from tests.handlers.report.test_evidence import picture
from tests.phone import text_of

SCREEN = Screen("Xong", ((Button("Về", "1|home"),),))


@pytest.fixture
async def phone(town):
    await town.head.send("/start")
    return town.head


async def shows(town, phone, *enclosures):
    """What the bot sent; the screen comes last."""
    before = len(phone.messages)
    reply = Reply((Shown(SCREEN, enclosures=enclosures),))
    assert await town.program.telegram.channel.show(str(phone.id), reply)
    return phone.messages[before:]


def kept(town, content):
    name = new_name()
    file = path_of(town.deployment.settings.data_dir, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return name


async def test_a_file_that_telegram_still_has_is_sent_by_its_reference(town, phone):
    await phone.photo(picture())
    reference = phone.mine[-1]["photo"][-1]["file_id"]
    sent = await shows(town, phone, Enclosure("photo", "Khu 1 &amp; 2", reference=reference))
    assert [text_of(message) for message in sent] == ["Khu 1 & 2", "Xong"]
    assert "photo" in sent[0]


async def test_several_photos_are_one_album_and_files_follow(town, phone):
    one = kept(town, picture())
    file = kept(town, b"%PDF-1.4 ...")
    sent = await shows(
        town,
        phone,
        Enclosure("file", "biên bản", path=file, name="bien-ban.pdf"),
        Enclosure("photo", "một", path=one),
        Enclosure("photo", "hai", path=one),
    )
    assert [text_of(message) for message in sent] == ["một", "hai", "biên bản", "Xong"]
    assert sent[0]["media_group_id"] == sent[1]["media_group_id"]
    assert sent[2]["document"]["file_name"] == "bien-ban.pdf"


async def test_an_unreadable_file_hides_neither_the_others_nor_the_screen(town, phone):
    one = kept(town, picture())
    sent = await shows(
        town,
        phone,
        Enclosure("photo", "mất", path=new_name()),
        Enclosure("photo", "đâu đó", path="../secret.jpg"),
        Enclosure("photo", "còn", path=one),
        Enclosure("file", "không có gì"),
    )
    assert [text_of(message) for message in sent] == ["còn", "Xong"]


def test_a_terminal_lists_enclosures_in_one_line():
    lines = []
    terminal = TerminalChannel(Sender(TERMINAL, "1", "Mai"), lines.append)
    terminal.show(Reply((Shown(SCREEN, enclosures=(Enclosure("photo", "câu 3", path="ab/1"),)),)))
    assert lines == ["", "[📎 câu 3: ab/1]", "Xong", "  /1 Về"]
