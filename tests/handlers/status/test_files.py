"""Files by button and by word: who gets which; they are made after the commit."""

import hashlib
import io
import sys
import zipfile

import docx
import pytest

from bot.sending.exporting import Exports
from criteria.answers import Ratio
from handlers.exports import formats
from handlers.exports.material import material_of
from handlers.flow.channel import Making
from handlers.flow.press import pack
from handlers.texts import texts_of
from storage.evidence import evidence
from storage.evidence.evidence_files import new_name, path_of
from storage.places import places
from storage.reports import reports
from storage.rounds import rounds
from tests.handlers.exports.made_up import register_plain_text
from tests.phone import text_of


def documents(phone):
    """The documents in a chat, by name, with their content."""
    found = {}
    for message in phone.messages:
        if "document" in message:
            file = phone.world.files.find(message["document"]["file_id"])
            found[message["document"]["file_name"]] = file.content
    return found


def photos(phone):
    return [message for message in phone.messages if "photo" in message]


async def test_the_chair_can_get_charts_excel_and_word(town):
    chair = town.chair
    await chair.send("/status")
    assert len(chair.buttons) <= 8
    overview = chair.message()
    await chair.press("📈 Biểu đồ")
    assert chair.toast == "Đang làm, xin chờ một chút…"
    assert len(photos(chair)) == 4
    assert text_of(photos(chair)[0]).startswith("Xã Đồi Chè · Tháng")
    assert chair.screen == "Lấy thêm bản nào nữa ạ?"
    assert chair.buttons == ["📈 Biểu đồ", "📄 Bản Excel", "📄 Bản Word", "📊 Cả xã"]
    await chair.press("📄 Bản Excel", on=overview)
    await chair.press("📄 Bản Word")
    names = [name.rpartition("_") for name in documents(chair)]
    assert [name[0] for name in names] == ["so-lieu_doi-che", "bao-cao_doi-che"]
    assert [name[2].partition(".")[0] for name in names] == ["thang-3-2026", "thang-3-2026"]
    assert chair.message()["text"] == "Lấy thêm bản nào nữa ạ?"


async def test_a_press_below_a_file_removes_its_buttons(town):
    await town.chair.send("/status")
    await town.chair.press("📄 Bản Word")
    below = town.chair.message()["message_id"]
    await town.chair.press("📄 Bản Excel")
    message = next(m for m in town.chair.messages if m["message_id"] == below)
    assert not message.get("reply_markup", {}).get("inline_keyboard")


@pytest.mark.parametrize("format_", ["xlsx", "docx", "json", "csv"])
async def test_the_button_sends_the_same_bytes_as_the_command(town, tmp_path, format_):
    await town.officer.send("/xuat")
    await town.officer.press_data(pack("s.make", town.sample.round_id, format_))
    if format_ == "docx":
        await town.officer.send("Công văn số 1234/UBND-VX ngày 05/3/2026 của UBND tỉnh")
        await town.officer.press("📄 Bản Word")
    sent = next(iter(documents(town.officer).values()))
    texts, settings = texts_of("vi"), town.deployment.settings

    def load(tx):
        round_ = rounds.round_by_id(tx, town.sample.round_id)
        return material_of(tx, round_, texts, settings.timezone)

    material = await town.program.database.read(load)
    (file,) = formats.make(format_, material, texts, settings.data_dir, tmp_path)
    assert hashlib.sha256(file.read_bytes()).digest() == hashlib.sha256(sent).digest()


async def test_the_officer_gets_data_and_evidence_from_another_screen(town):
    officer = town.officer
    await officer.send("/status")
    assert len(officer.buttons) == 8
    await officer.press("☰ Xem thêm")
    await officer.press("🗂 Tệp khác")
    assert officer.buttons == [
        "📈 Biểu đồ", "📄 Bản Excel", "📄 Bản Word", "🧾 JSON", "🧾 CSV", "📎 Minh chứng (ZIP)",
        "✏️ Văn bản thực hiện", "📊 Cả xã",
    ]  # fmt: skip
    await officer.press("🧾 JSON")
    await officer.press("🧾 CSV")
    assert len(documents(officer)) == 2
    before = len(officer.messages)
    await officer.press("Minh chứng (ZIP)")
    assert "chưa có minh chứng nào" in officer.screen
    assert len(officer.messages) == before + 1


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("/xuat excel", "so-lieu"),
        ("/export word", "bao-cao"),
        ("/status excel", "so-lieu"),
        ("📄 Bản Word", "bao-cao"),
        ("ban excel", "so-lieu"),
        ("word", "bao-cao"),
    ],
)
async def test_files_can_be_requested_by_typing(town, typed, name):
    await town.chair.send("/status")
    await town.chair.send(typed)
    (only,) = documents(town.chair)
    assert only.startswith(name)


async def test_the_command_shows_the_files(town):
    await town.chair.send("/xuat")
    assert town.chair.buttons == ["📈 Biểu đồ", "📄 Bản Excel", "📄 Bản Word", "📊 Cả xã"]
    await town.chair.send("/xuat gì đó")
    assert town.chair.buttons[0] == "📈 Biểu đồ"
    await town.chair.send("/start")
    assert "xuat" in town.chair.commands


async def test_a_leader_gets_no_data_and_a_reporter_nothing(town):
    await town.chair.send("/start")
    for format_ in ("json", "csv", "zip"):
        await town.chair.press_data(pack("s.make", town.sample.round_id, format_))
        assert not documents(town.chair)
    await town.head.send("/start")
    for format_ in formats.FORMATS:
        await town.head.press_data(pack("s.make", town.sample.round_id, format_))
    for action in ("s.files", "s.more"):
        await town.head.press_data(pack(action, town.sample.round_id))
        assert "Bản Excel" not in str(town.head.buttons)
    await town.head.send("/xuat excel")
    assert not documents(town.head)
    assert not photos(town.head)


async def test_the_right_is_checked_when_the_button_is_pressed(village):
    chair = await village.joined("Chủ tịch", role="leader")
    hidden = await village.database.write(lambda tx: places.add_commune(tx, "khac", "Xã Khác").id)
    assert hidden
    for data in (pack("s.make", 4711, "xlsx"), pack("s.make", village.round, "exe"),
                 pack("s.make")):  # fmt: skip
        await chair.press_data(data)
        assert not documents(chair)


async def test_a_round_without_figures_says_so_in_a_sentence(village):
    chair = await village.joined("Chủ tịch", role="leader")
    await chair.send("/status")
    await chair.press("📄 Bản Excel")
    assert chair.screen == "Tháng 3/2026 chưa có số liệu nào. Có khu gửi rồi thì lấy được ạ."
    assert not documents(chair)


async def test_a_file_is_made_once_until_the_figures_change(town):
    made = Exports(town.program.database, town.deployment.settings.data_dir,
                   town.deployment.settings.timezone)  # fmt: skip
    making = Making("xlsx", town.sample.round_id, "vi")
    once = await made.made(making)
    assert await made.made(making) is once
    assert await made.made(Making("xlsx", town.sample.round_id, "en")) is not once

    def named(tx):
        import sqlalchemy as sa

        from storage.tables import rounds as table

        tx.execute(sa.update(table).values(name="Kỳ khác"))

    await town.program.database.write(named)
    assert (await made.made(making))[0].content != once[0].content


async def test_a_file_that_is_too_large_is_one_sentence(town, monkeypatch):
    monkeypatch.setattr("bot.sending.exporting.LARGEST", 1000)
    await town.chair.send("/status")
    await town.chair.press("📄 Bản Excel")
    assert not documents(town.chair)
    assert "gửi qua đây không được" in town.chair.screens[-2]
    assert town.chair.screen == "Lấy thêm bản nào nữa ạ?"


async def test_a_failed_export_is_one_sentence_and_one_log_line(town, monkeypatch, log):
    monkeypatch.setattr("bot.sending.exporting.make", None)
    await town.chair.send("/status")
    await town.chair.press("📄 Bản Word")
    assert town.chair.screens[-2] == "Chưa làm được tệp này. Xin thử lại sau ít phút ạ."
    assert "export failed" in log.getvalue()


async def test_other_people_get_replies_while_a_file_is_made(town, monkeypatch):
    """The export waits for the other reply: it would never end if it blocked the loop."""
    import threading

    answered = threading.Event()
    real = formats.make

    def slow(*given):
        assert answered.wait(10)
        return real(*given)

    monkeypatch.setattr("bot.sending.exporting.make", slow)
    await town.chair.send("/status")
    _, data = town.chair.find("📄 Bản Excel")
    town.chair.world.press(town.chair.id, town.chair.message()["message_id"], data)
    town.head.world.send_text(town.head.id, "/start")
    await town.deployment.until(lambda: bool(town.head.messages))
    answered.set()
    await town.chair.settled()
    assert documents(town.chair)


async def give_evidence(town, size=4):
    """Attach a file to a sent report; give its name below DATA_DIR."""
    name = new_name()
    file = path_of(town.deployment.settings.data_dir, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"%PDF")

    def give(tx):
        unit = places.area_by(tx, town.sample.commune_id, "Khu 2")
        report = reports.report_of(tx, town.sample.round_id, unit.id)
        made = evidence.add_attachment(
            tx, report, "KT3", kind="file", reference="x", name="Biên bản.pdf",
            media_type="application/pdf", size=size, by=None, now=town.deployment.clock.now(),
        )  # fmt: skip
        evidence.fetched(tx, made, name, size)

    await town.program.database.write(give)


async def test_the_officer_can_get_the_evidence(town):
    await give_evidence(town)
    await town.officer.send("/xuat zip")
    ((name, content),) = documents(town.officer).items()
    assert name.startswith("minh-chung_doi-che")
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert names == ["KT3-hop-tac-xa-so/khu-2/01-bien-ban.pdf", "index.csv"]


async def test_evidence_that_is_too_large_is_not_even_copied(town):
    await give_evidence(town, size=60_000_000)
    await town.officer.send("/xuat zip")
    assert "nặng 60 MB" in town.officer.screens[-2]
    assert not documents(town.officer)


async def test_a_missing_extra_is_one_sentence(town, monkeypatch, log):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    await town.chair.send("/xuat excel")
    assert "chưa cài phần làm tệp này" in town.chair.screens[-2]
    assert "export not installed" in log.getvalue()


async def test_a_new_format_has_its_button_its_words_and_its_right(town, monkeypatch):
    register_plain_text(monkeypatch, for_leaders=False)
    await town.officer.send("/xuat")
    assert town.officer.buttons[-3:] == ["🗒 Bản chữ", "✏️ Văn bản thực hiện", "📊 Cả xã"]
    await town.officer.press("🗒 Bản chữ")
    await town.officer.send("/xuat text")
    await town.officer.send("Bản chữ")
    (name,) = documents(town.officer)
    assert name.startswith("ban-chu_doi-che")
    sent = [one for one in town.officer.messages if "document" in one]
    assert len(sent) == 3
    await town.chair.send("/xuat")
    assert "🗒 Bản chữ" not in town.chair.buttons
    await town.chair.press_data(pack("s.make", town.sample.round_id, "txt"))
    assert not documents(town.chair)


async def test_a_new_format_for_leaders_stands_on_the_overview(town, monkeypatch):
    register_plain_text(monkeypatch, for_leaders=True)
    await town.chair.send("/status")
    await town.chair.press("🗒 Bản chữ")
    assert documents(town.chair)


async def test_the_basis_of_the_word_report_is_asked_once_and_can_be_left_out(town):
    officer = town.officer
    await officer.send("/status")
    await officer.press("📄 Bản Word")
    assert "thực hiện văn bản nào" in officer.screen
    assert not documents(officer)
    await officer.press("⏭ Không ghi văn bản")
    await officer.press("📄 Bản Word")
    assert "Thực hiện bộ chỉ tiêu “Xã nông thôn mới thông minh" in words_of(officer)
    await officer.press("📄 Bản Word")  # it is not asked for again
    assert officer.screen == "Lấy thêm bản nào nữa ạ?"
    await officer.send("/xuat")
    await officer.press("✏️ Văn bản thực hiện")
    await officer.send("1234/UBND-VX")
    assert "Đang ghi: 1234/UBND-VX" in officer.screen
    await officer.press("📄 Bản Word")
    assert "Thực hiện văn bản số 1234/UBND-VX, Ủy ban nhân dân xã Đồi Chè báo cáo" in words_of(
        officer
    )


def words_of(phone):
    """The text of the newest Word file."""
    content = list(documents(phone).values())[-1]
    return "\n".join(one.text for one in docx.Document(io.BytesIO(content)).paragraphs)


async def test_the_status_says_when_figures_changed_after_the_word_file(town):
    chair = town.chair
    await chair.send("/status")
    await chair.press("📄 Bản Word")
    await chair.send("/status")
    assert "sau bản Word" not in chair.screen
    round_id = town.sample.round_id

    def change(tx, numerator):
        sent = [one for one in reports.reports_of_round(tx, round_id).values() if one.sends]
        held = {one: reports.answers_of(tx, one.id).get("HT1") for one in sent}
        report, old = next((one, found.value) for one, found in held.items() if found is not None)
        new = Ratio(numerator if numerator is not None else old.numerator - 1, old.denominator)
        now = town.deployment.clock.now()
        reports.put_answer(tx, report, "HT1", new, by=None, way="command", now=now)
        return old.numerator

    old = await town.program.database.write(lambda tx: change(tx, None))
    day = texts_of("vi").day(town.deployment.clock.now(), town.deployment.settings.timezone)
    await chair.send("/status")
    assert f"📄 Số liệu đã thay đổi sau bản Word ngày {day}." in chair.screen
    await town.program.database.write(lambda tx: change(tx, old))
    await chair.send("/status")
    assert "sau bản Word" not in chair.screen
