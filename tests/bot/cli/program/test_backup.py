"""`backup`, `restore`, `copy-database`, as a person uses them in an emergency."""

import asyncio
import errno
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import commands
from bot.intake.evidence_files import clear_unfinished
from bot.operations.backups import drop_old_nights, make_nightly
from storage.engine.database import Database
from storage.errors import NotADatabase
from storage.evidence import evidence
from storage.reports import reports
from storage.scratch_files import FOLDER
from storage.secret_key import derived_key

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
PHOTO, OTHER = f"evidence/ab/{'ab' * 16}", f"evidence/cd/{'cd' * 16}"
PHOTOS = {PHOTO: b"a picture", OTHER: b"another one"}
# Runs a command and dies as from kill -9 before its file number N is moved to its place.
KILLED = """
import os, pathlib, signal, sys

moved = pathlib.Path.replace
limit, count = int(sys.argv[1]), 0

def replace(self, target):
    global count
    count += 1
    if count > limit:
        os.kill(os.getpid(), signal.SIGKILL)
    return moved(self, target)

pathlib.Path.replace = replace
from bot.cli import main
sys.argv = ["smart-commune", *sys.argv[2:]]
main()
"""


@pytest.fixture
def commune(shell, sample):
    """The sample commune, with two photos as evidence."""
    for name, content in PHOTOS.items():
        (Path("data") / name).parent.mkdir(parents=True, exist_ok=True)
        (Path("data") / name).write_bytes(content)

    def attach(tx):
        report = next(iter(reports.reports_of_round(tx, sample.round_id).values()))
        for name, content in PHOTOS.items():
            made = evidence.add_attachment(
                tx, report, "HT1", kind="photo", reference="x", name=None, media_type=None,
                size=None, by=None, now=NOW,
            )  # fmt: skip
            checksum = hashlib.sha256(content).hexdigest()
            evidence.fetched(tx, made, name, len(content), checksum=checksum)

    shell.write(attach)
    return sample


def elsewhere(shell, monkeypatch):
    """An empty installation: another database and data directory."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{Path.cwd()}/new/commune.db")
    monkeypatch.setenv("DATA_DIR", str(Path.cwd() / "new"))


def test_a_backup_restored_elsewhere_has_the_same_content(shell, commune, monkeypatch):
    before = shell.json("status", "--commune", "doi-che")
    said = shell.run("backup", "all.tar")
    assert "2 files of evidence" in said
    assert Path("all.tar").stat().st_mode & 0o777 == 0o600
    elsewhere(shell, monkeypatch)
    assert "Restored" in shell.run("restore", "all.tar")
    after = shell.json("status", "--commune", "doi-che")
    assert {**after, "as_of": None} == {**before, "as_of": None}
    assert {name: (Path("new") / name).read_bytes() for name in PHOTOS} == PHOTOS
    said = shell.run("check", code=1)
    assert "Wrong: settings." in said  # there is no token here; everything else is right
    assert not (Path("new") / FOLDER).exists()


def test_nothing_is_overwritten(shell, commune, monkeypatch):
    shell.run("backup", "all.tar")
    assert "there already" in shell.run("backup", "all.tar", code=1)
    assert "holds data already" in shell.run("restore", "all.tar", code=1)
    shell.run("backup", "all.tar", "--force")


def test_a_backup_folder_that_cannot_be_created_is_one_sentence(shell, commune):
    Path("in-the-way").write_text("")
    said = shell.run("backup", "in-the-way/all.tar", code=1)
    assert said.startswith("Error: The folder in-the-way can't be made")


def test_a_damaged_backup_restores_nothing(shell, commune, monkeypatch):
    shell.run("backup", "all.tar")
    whole = Path("all.tar").read_bytes()
    changed = whole.replace(b"a picture", b"b picture")
    assert changed != whole
    Path("changed.tar").write_bytes(changed)
    Path("cut.tar").write_bytes(whole[: len(whole) // 2])
    Path("other.tar").write_bytes(b"hello")
    with tarfile.open("strange.tar", "w") as tar:
        tar.add("other.tar")
    elsewhere(shell, monkeypatch)
    assert f"{PHOTO} has changed" in shell.run("restore", "changed.tar", code=1)
    for file in ("cut.tar", "other.tar", "strange.tar", "missing.tar"):
        said = shell.run("restore", file, code=1)
        assert file in said
        assert len(said.splitlines()) == 1
    assert list(Path("new").rglob("*")) == []


def test_a_backup_with_paths_outside_its_folder_is_refused(shell, commune, monkeypatch, tmp_path):
    shell.run("backup", "all.tar")
    Path("evil").write_text("evil")
    for name, link in (("../evil", None), (f"{tmp_path}/elsewhere", None), ("way", "/etc")):
        shutil.copy("all.tar", "evil.tar")
        with tarfile.open("evil.tar", "a") as tar:
            member = tar.gettarinfo("evil", arcname=name)
            member.name = name
            if link:
                member.type, member.linkname, member.size = tarfile.SYMTYPE, link, 0
            with Path("evil").open("rb") as file:
                tar.addfile(member, None if link else file)
        elsewhere(shell, monkeypatch)
        assert "evil.tar is no backup" in shell.run("restore", "evil.tar", code=1)
    assert not (tmp_path / "elsewhere").exists()
    assert list(Path("new").rglob("*")) == []


@pytest.mark.parametrize("name", ["files/../.env", "{tmp}/forged", "files/smart-commune.db", "x"])
def test_a_manifest_with_a_file_that_is_not_evidence_is_refused(
    shell, commune, monkeypatch, tmp_path, name
):
    name = name.format(tmp=tmp_path)
    shell.run("backup", "all.tar")
    Path("forged").write_text("TELEGRAM_BOT_TOKEN=1:forged")
    with tarfile.open("all.tar") as tar:
        for member in tar:  # Python of Debian 12 has no filter for extractall
            part = Path("parts") / member.name
            part.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(tar.extractfile(member).read())
    manifest = json.loads(Path("parts/manifest.json").read_text())
    manifest["files"][name] = hashlib.sha256(Path("forged").read_bytes()).hexdigest()
    Path("parts/manifest.json").write_text(json.dumps(manifest))
    with tarfile.open("evil.tar", "w") as tar:
        for part in ("manifest.json", "database.db", *(f"files/{one}" for one in PHOTOS)):
            tar.add(Path("parts") / part, part)
        tar.add("forged", name.lstrip("/"))
    elsewhere(shell, monkeypatch)
    assert "is no name of evidence" in shell.run("restore", "evil.tar", code=1)
    assert [file for file in Path("new").rglob("*") if file.is_file()] == []


def test_a_path_outside_the_evidence_folder_is_not_packed(shell, commune):
    Path("secret").write_text("secret")
    shell.write(
        lambda tx: tx.exec_driver_sql(
            f"UPDATE evidence SET path = '../secret' WHERE path = '{OTHER}'"
        )
    )
    result = CliRunner().invoke(commands, ["backup", "all.tar"])
    assert result.exit_code == 0
    assert "1 files of evidence" in result.stdout
    assert "1 files of evidence that the database names aren't there" in result.stderr
    with tarfile.open("all.tar") as tar:
        assert [one for one in tar.getnames() if "secret" in one] == []
    found = CliRunner().invoke(commands, ["check"]).stdout
    assert "BAD  evidence not ours: 1 (../secret)" in found
    assert f"BAD  evidence orphaned: 1 ({OTHER})" in found


@pytest.mark.parametrize("moved", [0, 1, 2])
def test_a_killed_restore_changes_nothing_and_can_be_repeated(shell, commune, monkeypatch, moved):
    before = shell.json("status", "--commune", "doi-che")
    shell.run("backup", "all.tar")
    elsewhere(shell, monkeypatch)
    words = [sys.executable, "-c", KILLED, str(moved), "restore", str(Path.cwd() / "all.tar")]
    root = str(Path(__file__).resolve().parents[4])
    killed = subprocess.run(words, env={**os.environ, "PYTHONPATH": root}, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not Path("new/commune.db").exists()
    found = CliRunner().invoke(commands, ["check"]).stdout
    assert (f"evidence orphaned: {moved} (" in found) == (moved > 0)
    assert "Restored" in shell.run("restore", "all.tar")
    assert shell.json("status", "--commune", "doi-che")["indicators"] == before["indicators"]
    assert "Wrong: settings." in shell.run("check", code=1)


def test_the_next_start_removes_the_rest_of_a_killed_backup(shell, commune):
    words = [sys.executable, "-c", KILLED, "0", "backup", str(Path.cwd() / "all.tar")]
    root = str(Path(__file__).resolve().parents[4])
    killed = subprocess.run(words, env={**os.environ, "PYTHONPATH": root}, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not Path("all.tar").exists()
    assert [one.name for one in Path("data").rglob("backup.tar")] == ["backup.tar"]

    async def clear():
        async with Database(shell.url) as database:
            await clear_unfinished(Path("data"), database)

    asyncio.run(clear())
    assert list(Path.cwd().rglob("backup.tar")) == []
    assert not (Path("data") / FOLDER).exists()


def test_a_restore_on_a_full_disk_names_it_and_can_be_repeated(shell, commune, monkeypatch):
    shell.run("backup", "all.tar")
    elsewhere(shell, monkeypatch)
    copy = shutil.copyfileobj

    def full(source, target, *more):
        target.write(source.read(10))
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copyfileobj", full)
    said = shell.run("restore", "all.tar", code=1)
    assert said == (
        f"Error: The disk of {Path.cwd()}/new is full; make room there, then do it again.\n"
    )
    assert list(Path("new").rglob("*")) == []
    monkeypatch.setattr(shutil, "copyfileobj", copy)
    assert "Restored" in shell.run("restore", "all.tar")


def test_a_database_can_be_copied(shell, commune, monkeypatch):
    url = f"sqlite+aiosqlite:///{Path.cwd()}/copy.db"
    before = shell.json("status", "--commune", "doi-che")
    shell.run("copy-database", shell.url, url)
    assert "same database" in shell.run("copy-database", url, url, code=1)
    monkeypatch.setenv("DATABASE_URL", url)
    assert shell.json("status", "--commune", "doi-che")["indicators"] == before["indicators"]


def test_a_database_in_use_by_a_bot_is_not_copied(shell, commune):
    url = f"sqlite+aiosqlite:///{Path.cwd()}/copy.db"

    async def beside_the_bot():
        async with Database(shell.url, exclusive=True):
            return await asyncio.to_thread(shell.run, "copy-database", shell.url, url, code=1)

    assert "stop it first" in asyncio.run(beside_the_bot())
    assert not Path("copy.db").exists()


def test_one_backup_is_made_each_night_and_fourteen_are_kept(shell, commune):
    async def nights():
        async with Database(shell.url):  # as beside the running bot
            for number in range(20):
                day = (NOW + timedelta(days=number)).date()
                assert await make_nightly(shell.url, Path("data"), day, NOW) is not None
                assert await make_nightly(shell.url, Path("data"), day, NOW) is None

    asyncio.run(nights())
    for broken in ("nightly-2026-12-13.tar", "nightly-2026-12-12.tar"):
        (Path("data") / "backups" / broken).write_bytes(b"half")
    drop_old_nights(Path("data"))
    kept = sorted(file.name for file in (Path("data") / "backups").iterdir())
    assert len(kept) == 16  # fourteen intact backups
    assert (kept[0], kept[-1]) == ("nightly-2026-11-29.tar", "nightly-2026-12-14.tar")


def test_a_clock_that_jumps_ahead_deletes_no_good_backup(shell, commune):
    """The last fourteen stay, whatever their dates are."""

    async def night(day):
        await make_nightly(shell.url, Path("data"), day, NOW)
        drop_old_nights(Path("data"))

    for number in range(14):
        asyncio.run(night((NOW + timedelta(days=number)).date()))
    asyncio.run(night((NOW + timedelta(days=60)).date()))
    assert len(list((Path("data") / "backups").iterdir())) == 14


def test_a_damaged_database_replaces_no_good_backup(shell, commune):
    asyncio.run(make_nightly(shell.url, Path("data"), NOW.date(), NOW))
    file = Path("commune.db")
    whole = bytearray(file.read_bytes())
    whole[-4096:] = b"x" * 4096
    whole[8192:12288] = b"x" * 4096
    file.write_bytes(whole)
    with pytest.raises(NotADatabase):
        asyncio.run(make_nightly(shell.url, Path("data"), NOW.date() + timedelta(days=1), NOW))
    assert [one.name for one in (Path("data") / "backups").iterdir()] == ["nightly-2026-11-25.tar"]


def test_no_backup_has_a_token_or_the_secret_key(shell, sample):
    token, data = "1459232241454765289:very-secret", Path("data").absolute()
    derived_key(data, "a test")
    (data / "bots.toml").write_text(f'[[bots]]\ntoken = "{token}"\n')
    key = (data / "secret.key").read_text().strip()
    shell.run("backup", "all.tar")
    night = asyncio.run(make_nightly(shell.url, data, NOW.date(), NOW))
    for file in (Path("all.tar"), night):
        content = file.read_bytes()
        assert b"database.db" in content
        for secret in (token.encode(), b"bots.toml", key.encode()):
            assert secret not in content
