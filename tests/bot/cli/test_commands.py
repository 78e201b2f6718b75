"""Every command: help, exit codes, one sentence when something is wrong, a quick start."""

import json
from datetime import timedelta

import click
import pytest
from click.testing import CliRunner

from bot.cli import commands
from bot.clock import Clock
from storage import inbox, outbox, people


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


def test_the_commands_of_the_architecture_are_there(shell):
    names = set(commands.commands)
    assert names >= {
        "run", "demo", "chat", "roster", "invite", "round", "status", "criteria", "migrate",
        "check",
    }  # fmt: skip


def test_an_unknown_command_is_wrong_use(shell):
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


def test_a_bug_is_one_sentence_without_a_trace(shell, monkeypatch):
    from bot.cli import database

    def broken():
        raise KeyError("x")

    monkeypatch.setattr(database, "settings", broken)
    said = shell.run("migrate", code=70)
    assert "KeyError" in said


def test_migrate_says_what_it_did(shell):
    assert shell.run("migrate").startswith("Applied: ")
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
    assert database.stat().st_mode & 0o777 == 0o640  # it only looks


def test_check_counts_what_could_not_be_handled(shell):
    update = inbox.Update(1, "5", "{}")
    shell.write(lambda tx: inbox.take_in(tx, [update], Clock().now()))
    for _ in range(inbox.TRIES):
        shell.write(lambda tx: inbox.fail(tx, 1))
    found = checked()
    assert (found["updates"]["ok"], found["updates"]["text"][:2]) == (False, "1 ")


def test_check_tells_what_became_of_messages(shell, telegram, monkeypatch):
    monkeypatch.setenv("TELEGRAM_API_URL", telegram.address)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", telegram.world.token)
    now = Clock().now()
    ends = {
        "refused: BadRequest": "failed",
        "timed_out": "uncertain",
        "process_ended": "uncertain",
        "unreachable": "dropped",
        "reported": "dropped",  # not wanted any more: no trouble
    }

    def work(tx):
        who = people.add_person(
            tx, channel="telegram", address="77", name="Lan", handle=None, language="vi",
            consent_version="1", now=now,
        ).id  # fmt: skip
        for reason, state in ends.items():
            number = outbox.enqueue(tx, who, "reminder", "{}", now)
            outbox.finish(tx, number, state, now, reason)
        outbox.enqueue(tx, who, "reminder", "{}", now - timedelta(hours=1))

    shell.write(work)
    assert "Wrong: messages waiting, messages failed." in shell.run("check", code=1)
    said = CliRunner().invoke(commands, ["check"]).stdout
    assert "messages: 2 dropped, 1 failed, 2 uncertain, 1 waiting" in said
    assert "messages failed: 1 (reminder, refused: BadRequest) in the last 7 days" in said
    assert "messages uncertain: 1 (reminder, process_ended); 1 (reminder, timed_out)" in said
    assert "messages unreachable: 1 (reminder, unreachable)" in said
    assert "reported" not in said


def test_check_tells_what_is_wrong_with_telegram(shell, telegram, monkeypatch):
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", telegram.world.token[:-1] + "X")
    monkeypatch.setenv("TELEGRAM_API_URL", telegram.address)
    assert "Wrong: telegram." in shell.run("check", code=1)
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("LISTEN", telegram.address.removeprefix("http://"))
    assert "Wrong: telegram, port." in shell.run("check", code=1)
