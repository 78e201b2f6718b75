"""Every command: help, exit codes, one sentence for each error, a quick start."""

import json
import re
import sys
from datetime import timedelta
from importlib import metadata
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bot.cli import commands, failure
from bot.operations.check import evidence as check_evidence
from bot.service.clock import Clock
from criteria.schedule import Every, Schedule
from storage.evidence import evidence
from storage.evidence.evidence_totals import Total
from storage.messages import inbox, outbox
from storage.people import people
from storage.reports import reports
from storage.rounds import schedules
from tests.outbox import enqueue


def every(command, words=()):
    yield words
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from every(below, (*words, name))


@pytest.mark.parametrize("words", list(every(commands)), ids=" ".join)
def test_every_command_has_help(shell, words):
    said = shell.run(*words, "--help")
    assert "Usage:" in said
    assert "Later" not in said


def test_all_documented_commands_exist(shell):
    names = set(commands.commands)
    assert names >= {
        "run", "demo", "chat", "roster", "invite", "round", "status", "criteria", "migrate",
        "check",
    }  # fmt: skip


def test_an_unknown_command_is_a_usage_error(shell):
    shell.run("fly", code=2)


@pytest.mark.parametrize("command", ["run", "migrate", "status", "check"])
def test_a_wrong_setting_is_one_sentence(shell, monkeypatch, command):
    monkeypatch.setenv("TIMEZONE", "Hanoi")
    said = shell.run(command, code=1)
    assert said.strip() == ("Error: TIMEZONE must be a time zone's name such as Asia/Ho_Chi_Minh.")


def test_run_without_a_token_says_what_to_do(shell, tmp_path):
    said = shell.run("run", code=1)
    assert "TELEGRAM_BOT_TOKEN is not set" in said
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_database_is_one_sentence(shell, tmp_path):
    (tmp_path / "commune.db").write_text("this is no database at all, it is a text")
    said = shell.run("migrate", code=1)
    assert "not a database" in said
    assert said.count("\n") == 1


def test_a_bug_is_one_sentence_without_a_traceback(shell, monkeypatch):
    from bot.cli.program import database

    def broken():
        raise KeyError("x")

    monkeypatch.setattr(database, "settings", broken)
    said = shell.run("migrate", code=70)
    assert "KeyError" in said


def test_migrate_says_what_it_did(shell):
    assert shell.run("migrate").startswith(f"Applied to {Path.cwd()}/commune.db: ")
    assert "up to date" in shell.run("migrate")
    assert "--" not in shell.run("migrate")


def test_check_finds_what_is_missing_and_changes_nothing(shell, tmp_path):
    assert "settings" in shell.run("check", code=1)
    assert list(tmp_path.iterdir()) == []


def test_check_reaches_telegram_and_the_database(shell, telegram, monkeypatch):
    monkeypatch.setenv("TELEGRAM_API_URL", telegram.address)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", telegram.world.token)
    shell.run("migrate")
    found = {one["what"]: one for one in shell.json("check")}
    assert all(one["ok"] for one in found.values())
    assert "@smart_commune_bot" in found["telegram"]["text"]
    assert "none" in found["webhook"]["text"]
    assert set(found) >= {"settings", "database", "updates", "messages", "criteria phu-tho-2024"}


def checked():
    """What `check` found, by name."""
    said = CliRunner().invoke(commands, ["check", "--json"]).stdout
    return {one["what"]: one for one in json.loads(said)}


def test_check_names_what_others_can_read(shell, tmp_path):
    shell.run("migrate")
    env, database = tmp_path / ".env", tmp_path / "commune.db"
    env.write_text("LOG_LEVEL=INFO\n")
    env.chmod(0o600)
    assert checked()["files"]["ok"]
    database.chmod(0o640)
    env.chmod(0o644)
    found = checked()
    assert not found["files"]["ok"]
    assert all(name in found["files"]["text"] for name in (".env", "commune.db"))
    assert database.stat().st_mode & 0o777 == 0o640  # it changes nothing


def test_check_names_folders_and_files_that_cannot_be_written(shell, tmp_path, monkeypatch):
    in_the_way = tmp_path / "in-the-way"
    in_the_way.write_text("")
    in_the_way.chmod(0o600)
    monkeypatch.setenv("DATA_DIR", str(in_the_way))
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{in_the_way}/sub/commune.db")
    found = checked()
    for what in ("data", "database"):
        assert not found[what]["ok"]
        assert found[what]["text"] == f"{in_the_way} is a file, and a folder is wanted there"


def test_run_does_not_start_without_a_folder_for_evidence(shell, tmp_path, monkeypatch):
    in_the_way = tmp_path / "in-the-way"
    in_the_way.write_text("")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:abcdef")
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("DATA_DIR", str(in_the_way))
    said = shell.run("run", code=1)
    assert said.strip() == (
        f"Error: DATA_DIR can't be used: {in_the_way} is a file, and a folder is wanted there."
    )


def test_a_wrong_database_url_is_one_sentence(shell):
    right = "sqlite+aiosqlite:///x.db"
    for source, target, sentence in (
        ("foo", right, "FROM must begin with sqlite+aiosqlite://"),
        (right, "mysql://x/y", "TO must begin with sqlite+aiosqlite://"),
        (right, "sqlite+aiosqlite:///", "TO must name a file"),
        (right, "postgresql+asyncpg://u:[p@h/x", "TO can't be read; in a password"),
    ):
        assert sentence in shell.run("copy-database", source, target, code=1)


def test_check_counts_failed_updates(shell):
    update = inbox.Update("telegram", "1", "5", "{}")
    shell.write(lambda tx: inbox.take_in(tx, [update], Clock().now()))
    for _ in range(inbox.TRIES):
        shell.write(lambda tx: inbox.fail(tx, "telegram", "1"))
    found = checked()
    assert (found["updates"]["ok"], found["updates"]["text"][:2]) == (False, "1 ")


def test_check_reports_evidence_that_telegram_does_not_deliver(shell, sample):
    assert checked()["evidence fetched"]["ok"]
    now = Clock().now()

    def late(tx):
        report = next(iter(reports.reports_of_round(tx, sample.round_id).values()))
        evidence.add_attachment(
            tx, report, "CQ3", kind="photo", reference="x", name=None, media_type=None,
            size=None, by=None, now=now,
        )  # fmt: skip
        evidence.TO_FETCH.failed(tx, evidence.TO_FETCH.to_fetch(tx, 1)[0], now)

    shell.write(late)
    found = checked()["evidence fetched"]
    assert not found["ok"]
    assert "1 files couldn't be fetched from Telegram yet, the oldest was given 20" in found["text"]


def test_check_warns_before_the_room_for_evidence_is_used_up(shell, sample, monkeypatch):
    found = checked()
    assert found["room"]["ok"]
    assert "evidence of a round" not in found
    monkeypatch.setattr(check_evidence, "OF_A_ROUND", Total(10, 10**9))
    monkeypatch.setattr(check_evidence, "LEAST_ROOM", 10**18)

    def eight(tx):
        report = next(iter(reports.reports_of_round(tx, sample.round_id).values()))
        for number in range(8):
            link = f"https://xa.example/{number}"
            evidence.add_link(tx, report, "CQ3", link, by=None, now=Clock().now())

    shell.write(eight)
    found = checked()
    assert "evidence isn't taken below" in found["room"]["text"]
    assert not found["room"]["ok"]
    assert "8 pieces" in found["evidence of a round"]["text"]


def test_check_names_schedules_whose_criteria_set_is_gone(shell, sample):
    monthly = Schedule(Every.MONTH, 1, 10)
    now = Clock().now()
    shell.write(
        lambda tx: schedules.set_schedule(
            tx, sample.commune_id, "gone-2020", monthly, now.date(), now
        )
    )
    found = checked()["schedule gone-2020"]
    assert (found["ok"], found["text"][:2]) == (False, "1 ")
    off = re.search(r"`(round schedule .*)`", found["text"])[1].split()
    assert "by hand" in shell.run(*off)
    assert "schedule gone-2020" not in checked()


def test_check_reports_undelivered_messages(shell, telegram, monkeypatch):
    monkeypatch.setenv("TELEGRAM_API_URL", telegram.address)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", telegram.world.token)
    now = Clock().now()
    ends = {
        "refused: BadRequest": "failed",
        "timed_out": "uncertain",
        "process_ended": "uncertain",
        "unreachable": "dropped",
        "reported": "dropped",  # no longer wanted: not a problem
    }

    def work(tx):
        who = people.add_person(
            tx, bot="telegram", address="77", name="Lan", handle=None, language="vi",
            consent_version="1", now=now,
        ).id  # fmt: skip
        for reason, state in ends.items():
            number = enqueue(tx, who, "reminder", "{}", now)
            outbox.finish(tx, number, state, now, reason)
        enqueue(tx, who, "reminder", "{}", now - timedelta(hours=1))

    shell.write(work)
    assert "Wrong: messages waiting, messages failed." in shell.run("check", code=1)
    said = CliRunner().invoke(commands, ["check"]).stdout
    assert "messages: 2 dropped, 1 failed, 2 uncertain, 1 waiting" in said
    assert "messages failed: 1 (reminder, refused: BadRequest) in the last 7 days" in said
    assert "messages uncertain: 1 (reminder, process_ended); 1 (reminder, timed_out)" in said
    assert "messages unreachable: 1 (reminder, unreachable)" in said
    assert "reported" not in said


def test_check_reports_what_is_wrong_with_telegram(shell, telegram, monkeypatch):
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", telegram.world.token[:-1] + "X")
    monkeypatch.setenv("TELEGRAM_API_URL", telegram.address)
    assert "Wrong: telegram." in shell.run("check", code=1)
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("LISTEN", telegram.address.removeprefix("http://"))
    assert "Wrong: telegram, port." in shell.run("check", code=1)


def test_the_modules_of_every_extra_are_known():
    brings = metadata.packages_distributions()
    for extra, modules in failure.MODULES.items():
        wanted = {
            re.match(r"[\w.-]+", one)[0].lower()
            for one in metadata.requires("smart-commune-bot")
            if f"extra == '{extra}'" in one.replace('"', "'")
        }
        assert {brings[one][0].lower().replace("_", "-") for one in modules} == wanted


def test_a_database_without_its_extra_names_the_extra(shell, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://somebody@localhost/reports")
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    said = shell.run("status", code=1)
    assert "PostgreSQL databases need the extra 'postgres'" in said
    assert "pip install '.[postgres]'" in said


def test_check_reports_what_is_wrong_with_the_proxy(shell, monkeypatch):
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:abc")
    monkeypatch.setenv("TELEGRAM_PROXY_URL", "http://lan:geheim@127.0.0.1:9")
    found = checked()
    assert "telegram" not in found
    assert found["proxy"]["text"].startswith("127.0.0.1:9: the proxy can't be reached; ")
    assert "geheim" not in str(found)


def test_check_and_the_log_of_run_name_unknown_settings_without_values(shell, tmp_path):
    (tmp_path / ".env").write_text("TELEGRAM_TOKEN=123:geheim\n")
    said = checked()["names in .env"]["text"]
    assert "TELEGRAM_TOKEN (is TELEGRAM_BOT_TOKEN meant?)" in said
    log = shell.run("run", code=1)
    assert log.count("TELEGRAM_TOKEN") == 1
    assert "geheim" not in said + log
