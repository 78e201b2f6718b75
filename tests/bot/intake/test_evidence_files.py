"""Evidence is on the disk and in the database, or in neither, however the program ends."""

from dataclasses import replace

import pytest

from bot.intake.evidence_files import clear_unfinished, keep, names_being_kept, put
from bot.operations.check.evidence import evidence_findings
from storage.engine.database import Database
from storage.engine.snapshots import url_of
from storage.evidence import evidence
from storage.evidence.evidence import EvidenceFile
from storage.evidence.evidence_files import files_on_disk, new_name, path_of
from storage.reports import reports
from storage.scratch_files import FOLDER, left_behind
from tests.storage.sample import NOW, sample


@pytest.fixture
async def database(tmp_path):
    async with Database(url_of(tmp_path / "one.db")) as opened:
        yield opened


@pytest.fixture
async def piece(database):
    """A piece of evidence that must still be fetched."""

    def attach(tx):
        made = sample(tx)
        report = reports.start_report(tx, made.round.id, made.areas[0].id, NOW)
        return evidence.add_attachment(
            tx, report, "HT1", kind="photo", reference="x", name=None, media_type=None, size=None,
            by=None, now=NOW,
        )  # fmt: skip

    return await database.write(attach)


async def test_a_stored_file_is_private_and_its_name_says_nothing(database, piece, tmp_path):
    await keep(database, tmp_path, piece, b"hello")
    (row,) = await database.read(evidence.files)
    file = path_of(tmp_path, row.path)
    assert file.read_bytes() == b"hello"
    assert file.stat().st_mode & 0o777 == 0o600
    assert (row.size, row.wanted) == (5, True)
    assert list(files_on_disk(tmp_path)) == [row.path]
    assert not (tmp_path / FOLDER).exists()


async def test_a_file_unknown_to_the_database_after_a_kill_is_deleted(database, tmp_path):
    kept = put(tmp_path, b"hello")
    assert names_being_kept(tmp_path) == {kept.name}
    await clear_unfinished(tmp_path, database)
    assert kept.file.exists()  # the process that made it lives
    kept.mark.leave()  # as after a kill
    await clear_unfinished(tmp_path, database)
    assert list(files_on_disk(tmp_path)) == []
    assert not (tmp_path / FOLDER).exists()


async def test_a_file_known_to_the_database_after_a_kill_stays(database, piece, tmp_path):
    kept = put(tmp_path, b"hello")
    await database.write(lambda tx: evidence.fetched(tx, piece, kept.name, kept.size))
    kept.mark.leave()
    await clear_unfinished(tmp_path, database)
    assert kept.file.read_bytes() == b"hello"
    assert left_behind(tmp_path) == []


async def test_a_file_that_another_worker_fetched_first_is_stored_once(database, piece, tmp_path):
    await keep(database, tmp_path, piece, b"first")
    await keep(database, tmp_path, piece, b"second")
    (row,) = await database.read(evidence.files)
    assert list(files_on_disk(tmp_path)) == [row.path]


async def test_after_a_failed_commit_the_database_is_asked_later(database, piece, tmp_path):
    await database.write(
        lambda tx: tx.exec_driver_sql(
            "CREATE TRIGGER full BEFORE UPDATE ON evidence BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    )
    with pytest.raises(Exception, match="no"):
        await keep(database, tmp_path, piece, b"hello")
    assert len(list(files_on_disk(tmp_path))) == 1
    await clear_unfinished(tmp_path, database)
    assert list(files_on_disk(tmp_path)) == []


def test_a_full_disk_leaves_no_file(tmp_path, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        put(tmp_path, b"hello")
    assert list(tmp_path.iterdir()) == []


def test_check_compares_the_files_with_the_database(tmp_path):
    kept = [put(tmp_path, content) for content in (b"whole", b"missing", b"cut", b"changed")]
    rows = [EvidenceFile(one.name, one.size, one.checksum, wanted=True) for one in kept]
    kept[1].file.unlink()
    kept[2].file.write_bytes(b"cu")
    kept[3].file.write_bytes(b"chanced")
    old = put(tmp_path, b"before there were checksums")
    rows.append(EvidenceFile(old.name, old.size, None, wanted=True))
    rows += [
        EvidenceFile("../secret", 1, None, wanted=True),
        replace(rows[0], path=new_name(), wanted=False),
    ]
    orphan = put(tmp_path, b"orphan")
    found = {
        one.what: (one.ok, one.text)
        for one in evidence_findings(tmp_path, list(files_on_disk(tmp_path)), rows)
    }
    assert found.keys() == {
        "evidence missing", "evidence cut or changed", "evidence not ours", "evidence orphaned",
    }  # fmt: skip
    assert not any(ok for ok, _ in found.values())
    assert kept[1].name in found["evidence missing"][1]
    assert found["evidence cut or changed"][1].startswith("2 (")
    assert "../secret" in found["evidence not ours"][1]
    assert orphan.name in found["evidence orphaned"][1]
    (fine,) = evidence_findings(tmp_path, [rows[0].path], rows[:1])
    assert (fine.ok, fine.text) == (True, "1 files, as the database says")
