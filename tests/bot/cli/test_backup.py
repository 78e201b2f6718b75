"""`backup`, `restore`, `copy-database`: rehearsed as a person would in need."""

import asyncio
import shutil
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.backups import make_nightly
from storage import evidence, reports
from storage.database import Database

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)


@pytest.fixture
def commune(shell, sample):
    """The sample commune, with a photo as evidence."""
    (Path("data") / "ev").mkdir(parents=True)
    (Path("data") / "ev/abc.jpg").write_bytes(b"a picture")

    def attach(tx):
        report = next(iter(reports.reports_of_round(tx, sample.round_id).values()))
        made = evidence.add_attachment(
            tx, report, "HT1", kind="photo", reference="x", name=None, media_type=None,
            size=None, by=None, now=NOW,
        )  # fmt: skip
        evidence.fetched(tx, made, "ev/abc.jpg", 9)

    shell.write(attach)
    return sample


def elsewhere(shell, monkeypatch):
    """An empty place: another database and data directory."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{Path.cwd()}/new/commune.db")
    monkeypatch.setenv("DATA_DIR", str(Path.cwd() / "new"))


def test_a_backup_restored_elsewhere_says_the_same(shell, commune, monkeypatch):
    before = shell.json("status", "--commune", "doi-che")
    said = shell.run("backup", "all.tar")
    assert "1 files of evidence" in said
    assert Path("all.tar").stat().st_mode & 0o777 == 0o600
    elsewhere(shell, monkeypatch)
    assert "Restored" in shell.run("restore", "all.tar")
    after = shell.json("status", "--commune", "doi-che")
    assert {**after, "as_of": None} == {**before, "as_of": None}
    assert (Path("new") / "ev/abc.jpg").read_bytes() == b"a picture"
    assert "settings" in shell.run("check", code=1)  # there is no token here; all else is right


def test_nothing_is_overwritten(shell, commune, monkeypatch):
    shell.run("backup", "all.tar")
    assert "there already" in shell.run("backup", "all.tar", code=1)
    assert "holds something already" in shell.run("restore", "all.tar", code=1)
    shell.run("backup", "all.tar", "--force")


def test_a_backup_that_has_no_place_is_a_sentence(shell, commune):
    Path("in-the-way").write_text("")
    said = shell.run("backup", "in-the-way/all.tar", code=1)
    assert said.startswith("Error: The folder in-the-way can't be made")


def test_a_damaged_backup_fills_nothing(shell, commune, monkeypatch):
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
    assert "ev/abc.jpg has changed" in shell.run("restore", "changed.tar", code=1)
    for file in ("cut.tar", "other.tar", "strange.tar", "missing.tar"):
        said = shell.run("restore", file, code=1)
        assert file in said
        assert len(said.splitlines()) == 1
    assert not Path("new").exists()


def test_a_backup_that_reaches_outside_is_refused(shell, commune, monkeypatch, tmp_path):
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
    assert not Path("new").exists()


def test_a_database_is_copied(shell, commune, monkeypatch):
    url = f"sqlite+aiosqlite:///{Path.cwd()}/copy.db"
    before = shell.json("status", "--commune", "doi-che")
    shell.run("copy-database", shell.url, url)
    assert "same database" in shell.run("copy-database", url, url, code=1)
    monkeypatch.setenv("DATABASE_URL", url)
    assert shell.json("status", "--commune", "doi-che")["indicators"] == before["indicators"]


def test_a_database_that_a_bot_writes_is_not_copied(shell, commune):
    url = f"sqlite+aiosqlite:///{Path.cwd()}/copy.db"

    async def beside_the_bot():
        async with Database(shell.url, exclusive=True):
            return await asyncio.to_thread(shell.run, "copy-database", shell.url, url, code=1)

    assert "stop it first" in asyncio.run(beside_the_bot())
    assert not Path("copy.db").exists()


def test_every_night_one_and_fourteen_are_kept(shell, commune):
    async def nights():
        async with Database(shell.url):  # as beside the running bot
            for number in range(20):
                day = (NOW + timedelta(days=number)).date()
                assert await make_nightly(shell.url, Path("data"), day, NOW) is not None
                assert await make_nightly(shell.url, Path("data"), day, NOW) is None

    asyncio.run(nights())
    kept = sorted(file.name for file in (Path("data") / "backups").iterdir())
    assert len(kept) == 14
    assert kept[-1] == "nightly-2026-12-14.tar"
