"""The command line in Vietnamese: every text that it can print is in the catalogue."""

import ast
import gettext
import io
import json
import os
import re
import string
from pathlib import Path

import click
import pytest
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from click.testing import CliRunner

from bot.cli import commands
from bot.cli.people.invite import ROLES
from bot.language import DOMAIN, language_of, paragraphs
from bot.operations.check import evidence as check_evidence
from bot.operations.check import messages as check_messages
from handlers.exports.formats import FORMATS, OF_MANY
from handlers.roster.columns import SHEETS
from handlers.roster.plan import RosterPlan
from storage.errors import StorageError

FOLDER = Path("handlers/locales/vi/LC_MESSAGES")
KEYWORDS = {"_": None, "later": None, "words": None, "ngettext": (1, 2)}
# Texts of click for programmers, and about features that this program lacks.
FOR_PROGRAMMERS = (
    "Boolean option", "Could not determine name", "No options defined", "Arguments take exactly",
    "Name '{name}' defined", "Value must be an iterable", "Unknown color", "deprecated",
    "DeprecationWarning", "Repeat for confirmation", "Error: The two entered", "Unknown standard",
    "Windows error", "{editor}", "Press any key", "Confirm the action", "Do you want to continue",
    "{value!r} is not a valid UUID", "Could not open file", "(dynamic)", "Invalid start character",
    "Shell completion is not", "Couldn't detect Bash",
)  # fmt: skip


@pytest.fixture(scope="module")
def catalogue():
    with (FOLDER / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale="vi")


def texts_in(files):
    for file in files:
        with file.open("rb") as code:
            for _line, _function, found, _comments in extract_python(code, KEYWORDS, [], {}):
                text = found[0] if isinstance(found, tuple) else found
                if text:
                    yield text


def errors(kind=StorageError):
    yield kind
    for below in kind.__subclasses__():
        yield from errors(below)


def helps(command):
    yield command.help
    yield from (one.help for one in command.params if isinstance(one, click.Option))
    if isinstance(command, click.Group):
        for one in command.commands.values():
            yield from helps(one)


def words_of_the_data():
    """Words that come from the database and from tables."""
    yield from ROLES
    yield from ("planned", "open", "closed", "cancelled")
    yield from ("revoked", "used up", "expired", "month", "quarter")
    yield from ("waiting", "sending", "sent", "uncertain", "failed", "dropped")
    yield from RosterPlan().counts
    yield from (sheet.key for sheet in SHEETS)
    yield from (column.key for sheet in SHEETS[:2] for column in sheet.columns)
    yield from ("group_name", "commune_cadres")
    yield from (one.description for one in (*FORMATS.values(), *OF_MANY.values()))
    yield from (one.__doc__.strip() for one in errors())


def names_of_checks():
    """The names of checks; those with an id by their first word."""
    for file in [Path("bot/sending/pause_file.py"), *Path("bot/operations/check").glob("*.py")]:
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and _name(call.func) == "CheckResult":
                yield next(_literal(call.args[0])).strip()
    yield from (f"evidence {kind}" for kind in check_evidence._ADVICE)
    yield from (f"messages {kind}" for kind in check_messages._TROUBLES)


def wanted():
    program = [Path("handlers/roster/plan.py"), *Path("bot").rglob("*.py")]
    yield from (text for text in texts_in(program) if text != "{}")
    of_click = texts_in(sorted(Path(click.__file__).parent.glob("*.py")))
    yield from (text for text in of_click if not text.startswith(FOR_PROGRAMMERS))
    for text in helps(commands):
        yield from paragraphs(text or "")
    yield from words_of_the_data()
    yield from names_of_checks()


@pytest.fixture
def vietnamese(monkeypatch):
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")


def test_every_text_has_a_vietnamese_translation(catalogue):
    texts = {text for text in wanted() if text} | {"en"}
    assert not [text for text in texts if text not in catalogue or not catalogue[text].string]
    assert not [m.id for m in catalogue if m.id and _key(m) not in texts]


def _key(message):
    return message.id[0] if isinstance(message.id, tuple) else message.id


def test_placeholders_agree(catalogue):
    for message in catalogue:
        said = message.string if isinstance(message.string, str) else message.string[0]
        assert {*_fields(said)} <= {*_fields(_key(message))}, message.id
        if not isinstance(message.id, tuple):  # "1 was given" of a plural may go without a number
            assert {*_fields(said)} == {*_fields(message.id)}, message.id


def _fields(text):
    return [name for _, name, _, _ in string.Formatter().parse(text) if name]


def test_the_compiled_catalogue_is_up_to_date(catalogue):
    made = io.BytesIO()
    write_mo(made, catalogue)
    made.seek(0)
    with (FOLDER / f"{DOMAIN}.mo").open("rb") as compiled:
        held = gettext.GNUTranslations(compiled)
    fresh = gettext.GNUTranslations(made)
    for message in catalogue:
        if message.id:
            one = _key(message)
            assert held.gettext(one) == fresh.gettext(one), "run make catalogue"


def test_every_printed_text_is_in_the_catalogue():
    """Texts that are printed or raised for people go through gettext."""
    told = {"Failure", "UsageError", "ExitError", "SettingsError", "echo", "fail", "confirm"}
    found = []
    for file in Path("bot").rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and call.args and _name(call.func) in told:
                words = "".join(_literal(call.args[0]))
                if any(len(word) > 1 for word in re.findall(r"[^\W\d_]+", words)):
                    found.append((str(file), call.lineno, words))
    assert not found


def test_every_text_of_check_is_in_the_catalogue():
    """The texts of `check` are arguments, or assigned to `text` before."""
    checks = [Path("bot/sending/pause_file.py"), *Path("bot/operations/check").glob("*.py")]
    found = []
    for file in checks:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            said = []
            if isinstance(node, ast.Call) and _name(node.func) == "CheckResult":
                said = [one.value for one in node.keywords if one.arg == "text"]
            elif isinstance(node, ast.Assign | ast.AugAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                said = [node.value] if "text" in {getattr(one, "id", "") for one in targets} else []
            words = "".join(word for one in said for word in _literal(one))
            if re.search(r"[^\W\d_]{2}", words):
                found.append((str(file), node.lineno, words))
    assert not found


def _name(function):
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _literal(node):
    """The words of a literal text, with or without values in it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from (one.value for one in node.values if isinstance(one, ast.Constant))
    elif isinstance(node, ast.IfExp | ast.BoolOp):
        for one in ast.iter_child_nodes(node):
            yield from _literal(one)


def every(command, words=()):
    yield words, command
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from every(below, (*words, name))


@pytest.mark.parametrize(("words", "command"), list(every(commands)), ids=str)
def test_every_help_is_in_vietnamese(shell, vietnamese, catalogue, words, command):
    said = " ".join(shell.run(*words, "--help").split())
    texts = [command.help, *(p.help for p in command.params if isinstance(p, click.Option))]
    for text in filter(None, texts):
        for paragraph in paragraphs(text):
            assert catalogue[paragraph].string in said
            assert paragraph not in said
    assert "Cách dùng: " in said
    assert not re.search("Usage|Options|Commands|Show |required|default", said)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"), ({"LANG": "C.UTF-8"}, "en"), ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"), ({"LANG": "vi"}, "vi"),
        ({"LANG": "vi_VN", "LC_ALL": "en_US.UTF-8"}, "en"), ({"LANG": "C", "LC_MESSAGES": "vi_VN"}, "vi"),
        ({"LC_ALL": "", "LANG": "vi_VN"}, "vi"),
    ],
)  # fmt: skip
def test_the_environment_sets_the_language(environment, language):
    assert language_of(environment) == language


def test_the_option_overrides_the_environment(shell, vietnamese):
    assert "Usage:" in shell.run("--language", "en", "round", "--help")
    assert "Cách dùng:" in shell.run("--help", "--language", "vi")
    assert "Giá trị sai ở '--language'" in shell.run("--language", "fr", code=2)
    assert "không nhận" not in shell.run("--help")


def test_usage_errors_and_other_errors_are_in_vietnamese(shell, vietnamese):
    assert "Lỗi: Thiếu tuỳ chọn '--role'" in shell.run("invite", "create", code=2)
    assert "Lỗi: Không có lệnh 'fly'." in shell.run("fly", code=2)
    said = shell.run("invite", "list", code=1)
    assert said.startswith("Lỗi: Không có cơ sở dữ liệu ở ")
    said = shell.run("run", code=1)
    assert (
        said
        == "Lỗi: Chưa có TELEGRAM_BOT_TOKEN; xin lấy ở @BotFather, hoặc chạy thử `demo`, không cần mã.\n"
    )


def test_a_wrong_setting_is_reported_in_vietnamese(shell, vietnamese, monkeypatch):
    monkeypatch.setenv("TIMEZONE", "Hanoi")
    said = shell.run("status", code=1)
    assert said == "Lỗi: TIMEZONE phải là tên múi giờ, ví dụ Asia/Ho_Chi_Minh.\n"


def test_tables_are_in_vietnamese_and_json_is_not(shell, sample, vietnamese):
    code = shell.run("invite", "create", "--role", "leader", "--commune", "doi-che")
    assert "lãnh đạo, dùng 1 lượt" in code
    heading, *rows = shell.run("invite", "list").splitlines()
    assert heading.split()[:2] == ["Số", "Tình"]
    assert any("đang mở" in row and "lãnh đạo" in row for row in rows)
    assert {one["state"] for one in shell.json("invite", "list")} == {"open"}
    assert "đang mở" in shell.run("round", "list")
    assert "được  cơ sở dữ liệu: " in checked()
    texts = {one["what"]: one["text"] for one in json.loads(checked("--json"))}
    assert texts["settings"] == "TELEGRAM_BOT_TOKEN is not set"
    assert texts["files"] == "only the program's own user can read them"


def checked(*options):
    return CliRunner().invoke(commands, ["check", *options]).stdout


def test_the_environment_is_not_changed(shell, monkeypatch):
    monkeypatch.delenv("LANGUAGE", raising=False)
    shell.run("--language", "vi", "--help")
    assert "LANGUAGE" not in os.environ
    assert gettext.gettext("Usage:") == "Usage:"


def test_completion_is_in_vietnamese_too(shell, vietnamese):
    asked = {
        "_SMART_COMMUNE_COMPLETE": "zsh_complete", "COMP_WORDS": "smart-commune rost",
        "COMP_CWORD": "1",
    }  # fmt: skip
    said = CliRunner().invoke(commands, prog_name="smart-commune", env=asked).stdout
    assert said.splitlines() == [
        "plain",
        "roster",
        "Xã, khu, số liệu và lời mời trong một bảng...",
    ]
