"""Databases of any version: commands that only read create and migrate nothing."""

import asyncio
import contextlib
import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import commands
from bot.operations.backups import drop_before_upgrades, make_before_upgrade, make_nightly
from storage.engine.schema_upgrade import (
    current_revision,
    downgrade,
    head_revision,
    known_revisions,
)
from tests.bot.cli.program.test_backup import NOW, elsewhere

OLD = known_revisions()[-2]
READING = {
    "status": ["status"],
    "history": ["history", "--area", "k1"],
    "round list": ["round", "list"],
    "round reminders": ["round", "reminders", "1"],
    "round schedule": ["round", "schedule", "--all"],
    "invite list": ["invite", "list"],
    "roster export": ["roster", "export", "out.xlsx"],
    "export": ["export", "--commune", "doi-che", "--format", "csv", "out.csv"],
    "backup": ["backup", "all.tar"],
}
# These commands make no sense without a database.
WRITING = {
    "invite create": ["invite", "create", "--role", "operator", "--all"],
    "invite revoke": ["invite", "revoke", "1"],
    "round close": ["round", "close", "1"],
    "chat": ["chat", "--as", "lan"],
}
EVERY = [*READING.values(), *WRITING.values()]
NAMES = [*READING, *WRITING]


@pytest.mark.parametrize("words", EVERY, ids=NAMES)
def test_a_reading_command_creates_no_database(shell, tmp_path, words):
    said = shell.run(*words, code=1)
    assert said.strip() == (
        f"Error: There is no database at {tmp_path}/commune.db;"
        " go to the folder of .env, or set DATABASE_URL."
    )
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def older(shell, sample):
    """A database of an older program."""
    downgrade(shell.url, OLD)


@pytest.mark.parametrize(
    "words",
    [words for name, words in {**READING, **WRITING}.items() if name != "backup"],
    ids=[name for name in NAMES if name != "backup"],
)
def test_a_reading_command_does_not_upgrade_an_older_database(shell, older, words):
    assert "stop the bot, then run" in shell.run(*words, code=1)
    assert current_revision(shell.url) == OLD


def test_check_names_the_database_and_does_not_change_it(shell, older):
    result = CliRunner().invoke(commands, ["check", "--json"])
    found = {one["what"]: one["text"] for one in json.loads(result.stdout)}
    assert str(Path.cwd() / "commune.db") in found["database"]
    assert "stop the bot" in found["database"]
    assert current_revision(shell.url) == OLD


def test_an_import_without_a_database_says_where_it_creates_one(
    shell, sample, tmp_path, monkeypatch
):
    shell.run("roster", "export", "one.xlsx")
    elsewhere(shell, monkeypatch)
    place = tmp_path / "new" / "commune.db"
    assert f"no database at {place} yet" in shell.run("roster", "import", "one.xlsx", "--dry-run")
    assert not place.parent.exists()
    assert f"no database at {place} yet; it is made now" in shell.run(
        "roster", "import", "one.xlsx"
    )
    assert place.exists()
    assert "no database" not in shell.run("roster", "import", "one.xlsx")


def test_a_backup_of_an_older_database_restores_into_this_program(
    shell, older, monkeypatch, tmp_path
):
    shell.run("backup", "old.tar")
    assert current_revision(shell.url) == OLD
    elsewhere(shell, monkeypatch)
    shell.run("restore", "old.tar")
    assert "doi-che" in shell.run("round", "list")


def test_a_newer_database_is_backed_up_too(shell, sample):
    with contextlib.closing(sqlite3.connect("commune.db")) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    shell.run("backup", "newer.tar")
    assert "newer version" in shell.run("status", code=1)


def test_migrate_makes_a_backup_first_and_says_where(shell, older, tmp_path, monkeypatch):
    said = shell.run("migrate").splitlines()
    (kept,) = (tmp_path / "data" / "backups").iterdir()
    assert said == [
        f"Backup made: {kept}.", f"Applied to {tmp_path}/commune.db: {head_revision()}.",
    ]  # fmt: skip
    assert kept.stat().st_mode & 0o777 == 0o600
    elsewhere(shell, monkeypatch)
    shell.run("restore", kept)
    assert "doi-che" in shell.run("round", "list")


def test_migrate_makes_no_backup_of_a_new_database(shell, tmp_path):
    shell.run("migrate")
    assert not (tmp_path / "data").exists()


def test_backups_made_before_upgrades_are_deleted_after_two_weeks(shell, older, tmp_path):
    folder = tmp_path / "data"
    made = asyncio.run(make_before_upgrade(shell.url, folder, NOW))
    night = asyncio.run(make_nightly(shell.url, folder, NOW.date(), NOW))
    drop_before_upgrades(folder, NOW + timedelta(days=13))
    assert made.exists()
    drop_before_upgrades(folder, NOW + timedelta(days=15))
    assert not made.exists()
    assert night.exists()
