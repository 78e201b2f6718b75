"""`invite`: the role and place are checked; the code is shown once and can be revoked."""

import asyncio
import queue
import re
import tarfile
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import SecretStr

from bot.cli import commands
from bot.service.clock import Clock
from handlers.exports.wording import without_emoji
from storage.people.invitations import find_invitation
from storage.people.short_codes import ShortCodes, read_code

DATA = Path("data")  # the shell has its own folder


@pytest.fixture
def named(telegram, monkeypatch):
    """A Telegram that gives the name of the bot."""
    monkeypatch.setenv("TELEGRAM_API_URL", telegram.address)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", telegram.world.token)


def test_a_reporters_link_leads_to_the_area(shell, sample, named):
    made = shell.json(
        "invite", "create", "--role", "reporter", "--commune", "doi-che",
        "--area", "khu-5-sv", "--uses", 3, "--days", 7,
    )  # fmt: skip
    assert made["link"] == f"https://t.me/smart_commune_bot?start={made['code']}"
    found = shell.write(lambda tx: find_invitation(tx, made["code"]))
    assert found.valid(Clock().now())
    assert (found.role, found.uses, found.commune_id) == ("reporter", 3, sample.commune_id)
    short = read_code(made["short_code"])
    assert shell.write(lambda tx: ShortCodes.of(DATA).find(tx, short)) == found
    assert found.unit_id is not None


def test_the_link_is_printed_and_a_qr_code_written(shell, sample, named, tmp_path):
    file = tmp_path / "code.png"
    printed = shell.run(
        "invite", "create", "--role", "leader", "--commune", "Xã Đồi Chè", "--qr", file
    )
    assert printed.startswith("https://t.me/smart_commune_bot?start=")
    assert file.read_bytes().startswith(b"\x89PNG")
    assert read_code(printed.splitlines()[1].removeprefix("Code: "))


def test_without_telegram_the_code_is_printed(shell, sample):
    printed = shell.run("invite", "create", "--role", "operator", "--all")
    assert read_code(printed.splitlines()[0].removeprefix("Code: "))


def test_an_invitation_can_be_listed_and_revoked(shell, sample, named):
    made = shell.json("invite", "create", "--role", "officer", "--commune", "doi-che")
    assert [one["state"] for one in shell.json("invite", "list")] == ["open", "open"]
    assert "revoked" in shell.run("invite", "revoke", made["id"])
    assert shell.json("invite", "list")[0]["state"] == "revoked"
    assert made["code"] not in shell.run("invite", "list")
    assert "revoked before" in shell.run("invite", "revoke", made["id"], code=1)


def test_the_last_day_is_the_same_in_the_list(shell, sample):
    said = shell.run("invite", "create", "--role", "officer", "--commune", "doi-che")
    until = re.search(r"until (\d\d/\d\d/\d{4})\.", said)
    assert until is not None
    assert until[1] in shell.run("invite", "list").splitlines()[1]


def test_an_operator_can_be_invited_for_a_group_of_communes(shell, sample):
    words = ("invite", "create", "--role", "operator", "--group")
    assert "no commune is in a group 'Cụm 9'" in shell.run(*words, "Cụm 9", code=1)
    assert "operator" in shell.run(*words, "Vùng đồi")


@pytest.mark.parametrize(
    "words",
    [
        ["--role", "reporter", "--commune", "doi-che"],
        ["--role", "reporter", "--area", "khu-1-dc"],
        ["--role", "officer", "--commune", "doi-che", "--area", "khu-1-dc"],
        ["--role", "leader"],
        ["--role", "operator"],
        ["--role", "operator", "--all", "--group", "Vùng đồi"],
        ["--role", "operator", "--commune", "doi-che"],
        ["--role", "mayor", "--commune", "doi-che"],
        ["--role", "leader", "--commune", "doi-che", "--uses", "0"],
        ["--role", "leader", "--commune", "doi-che", "--qr", "code.gif"],
    ],
)
def test_a_place_that_does_not_fit_the_role_is_a_usage_error(shell, sample, words):
    shell.run("invite", "create", *words, code=2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--commune", "nowhere"], "doi-che"),
        (["--commune", "doi-che", "--area", "Khu 99"], "khu-1-dc"),
        (["--commune", "doi-che", "--area", "Khu 5"], "khu-5-dc"),
    ],
)
def test_an_unknown_place_lists_the_known_ones(shell, sample, words, said):
    if "--area" not in words:
        words = [*words, "--area", "x"]
    sentence = shell.run("invite", "create", "--role", "reporter", *words, code=1)
    assert said in sentence


def test_sheets_have_a_page_for_each_area(shell, sample, named, tmp_path):
    docx = pytest.importorskip("docx")
    file = tmp_path / "sheets.docx"
    printed = shell.run("invite", "sheets", "--commune", "doi-che", file)
    assert "11 sheet(s)" in printed
    document = docx.Document(str(file))
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert lines.count("Xã Đồi Chè") == 11
    assert "Khu 5 · Suối Vàng" in lines
    assert document.element.xml.count('w:br w:type="page"') == 10
    copied = [one for one in lines if "chép lại thành một tin" in one]
    assert len(copied) == 11
    assert "“1: …/…, 2: …/…, 3: có, 4: có…”" in copied[0]
    assert len(document.inline_shapes) == 11
    joining, questions = document.tables[0], document.tables[1]
    link = joining.rows[0].cells[1].text
    code = link.split("?start=")[1].split()[0]
    found = shell.write(lambda tx: find_invitation(tx, code))
    assert found.valid(Clock().now())
    assert (found.role, found.uses) == ("reporter", 9)
    assert len(questions.rows) == 8
    assert questions.rows[0].cells[0].text.startswith("1. Trong ")
    short = next(one for one in lines if one.startswith("Mã mời: ")).split()[2].rstrip(".")
    joins_too = shell.write(lambda tx: ShortCodes.of(DATA).find(tx, read_code(short)))
    assert joins_too == found
    assert "Telegram: @smart_commune_bot" in link
    assert "Có: ____" in questions.rows[0].cells[1].text
    assert "☐ Có" in questions.rows[2].cells[1].text
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "2. Bấm “Bắt đầu”, đọc rồi bấm “Đồng ý”." in cells[1]  # paper has no emoji
    assert [text for text in (*lines, *cells) if without_emoji(text) != text] == []
    widths = [column.width.cm for column in questions.columns]  # LibreOffice goes by them
    assert widths == pytest.approx([12.6, 5.2], abs=0.01)


def test_a_sheet_is_made_again_only_for_areas_that_are_named(shell, sample, named):
    sheets = ["invite", "sheets", "--commune", "doi-che"]
    shell.run(*sheets, "sheets.docx")  # an area of the sample has an invitation
    assert len(shell.json("invite", "list")) == 12
    assert "exists already" in shell.run(*sheets, "sheets.docx", code=1)
    assert "no sheet was made" in shell.run(*sheets, "again.docx", code=1)
    assert not Path("again.docx").exists()
    assert len(shell.json("invite", "list")) == 12
    shell.run(*sheets, "--area", "khu-10-bg", "sheets.docx", "--force")
    assert len(shell.json("invite", "list")) == 13


def test_sheets_can_be_for_one_area_and_in_english(shell, sample, named, tmp_path):
    docx = pytest.importorskip("docx")
    file = tmp_path / "sheets.docx"
    shell.run(
        "invite", "sheets", "--commune", "doi-che", "--area", "khu-5-sv", "--language", "en", file
    )
    document = docx.Document(str(file))
    assert "INVITATION TO REPORT" in [paragraph.text for paragraph in document.paragraphs]
    assert len(shell.json("invite", "list")) == 2


def test_without_telegram_there_are_no_sheets_and_no_invitations(shell, sample, tmp_path):
    file = tmp_path / "sheets.docx"
    assert "No sheets" in shell.run("invite", "sheets", "--commune", "doi-che", file, code=1)
    assert not file.exists()
    assert len(shell.json("invite", "list")) == 1


def test_a_qr_code_overwrites_a_file_only_with_the_option(shell, sample, named, tmp_path):
    file = tmp_path / "leader.png"
    file.write_bytes(b"somebody's picture")
    create = ["invite", "create", "--role", "leader", "--commune", "doi-che", "--qr", file]
    assert "exists already" in shell.run(*create, code=1)
    assert file.read_bytes() == b"somebody's picture"
    shell.run(*create, "--force")
    assert file.read_bytes().startswith(b"\x89PNG")


def test_the_list_of_invitations_has_the_role_of_each_person(shell, sample, named):
    shell.run("invite", "create", "--role", "leader", "--commune", "doi-che", "--label", "Bí thư")
    lines = shell.run("invite", "list").splitlines()
    assert lines[0].split() == ["ID", "State", "Role", "Place", "Label", "Used", "Until"]
    assert any("leader" in line and "Bí thư" in line for line in lines)


def test_check_reports_codes_made_with_another_key(shell, sample):
    shell.run("invite", "create", "--role", "leader", "--commune", "doi-che")
    assert "short code" not in said_by_check(shell)
    (DATA / "secret.key").write_text("0" * 64)
    assert "1 open invitations have a short code of another data/secret.key" in said_by_check(shell)
    (DATA / "secret.key").unlink()
    assert "1 open invitations have a short code of another data/secret.key" in said_by_check(shell)
    assert not (DATA / "secret.key").exists()


def said_by_check(shell):
    """What `check` prints; it fails, since there is no token."""
    result = CliRunner().invoke(commands, ["check"])
    assert result.exit_code == 1
    return " ".join(result.stdout.split())


def test_the_key_is_in_no_backup(shell, sample):
    shell.run("invite", "create", "--role", "leader", "--commune", "doi-che")
    shell.run("backup", "all.tar")
    with tarfile.open("all.tar") as backup:
        names = backup.getnames()
    assert "database.db" in names
    assert not any("key" in name for name in names)


@pytest.fixture
def zalo(shell, sample, monkeypatch):
    """A Zalo with the configured bot of the commune; gives the link of the bot."""
    from bot.bots_file import BotEntry, save_bots
    from bot.simulator.zalo.server import serving
    from bot.simulator.zalo.world import World

    world = World()
    started = queue.Queue()

    async def serve():
        stop = asyncio.Event()
        async with serving(world) as address:
            started.put((address, asyncio.get_running_loop(), stop))
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    address, loop, stop = started.get(timeout=10)
    monkeypatch.setenv("ZALO_API_URL", address)
    entry = BotEntry(
        name="zalo-doi-che", messenger="zalo", commune="doi-che", token=SecretStr(world.token)
    )
    save_bots(DATA, [entry])
    yield f"https://zalo.me/bot.{world.account_name.removeprefix('bot.')}"
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    assert not thread.is_alive()


def test_the_link_and_qr_code_of_a_zalo_bot_are_shown_beside_those_of_telegram(
    shell, named, zalo, tmp_path
):
    docx = pytest.importorskip("docx")
    printed = shell.run("invite", "create", "--role", "leader", "--commune", "doi-che")
    assert printed.splitlines()[0].startswith("https://t.me/")
    assert printed.splitlines()[1] == f"{zalo} (Zalo, where the code is typed)"
    file = tmp_path / "sheets.docx"
    shell.run("invite", "sheets", "--commune", "doi-che", "--area", "khu-5-sv", file)
    document = docx.Document(str(file))
    assert len(document.inline_shapes) == 2
    first, second = (row.cells[1].text for row in document.tables[0].rows)
    assert "1. Mở Telegram" in first
    assert "1. Mở Zalo" in second
    assert zalo in second
    code = re.search(r"Nhắn mã mời (\S+),", second)
    assert code is not None
    assert read_code(code[1])


def test_without_telegram_a_zalo_bot_is_enough_for_sheets(shell, zalo, tmp_path):
    docx = pytest.importorskip("docx")
    file = tmp_path / "sheets.docx"
    shell.run("invite", "sheets", "--commune", "doi-che", "--area", "khu-5-sv", file)
    document = docx.Document(str(file))
    text = "\n".join(
        [*(one.text for one in document.paragraphs), document.tables[0].rows[0].cells[1].text]
    )
    assert "Telegram" not in text
    assert zalo in text
