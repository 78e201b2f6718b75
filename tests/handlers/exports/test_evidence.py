"""The evidence as a ZIP: by indicator and area, with an index, and no file outside its folder."""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.exports.evidence import INDEX, write_evidence
from handlers.exports.material import material_of
from handlers.texts import texts_of
from storage.evidence import evidence
from storage.evidence.evidence_files import new_name, path_of
from storage.places import places
from storage.reports import reports
from tests.handlers.exports.conftest import OPENS, ZONE, found

VI = texts_of("vi")


@pytest.fixture
def round_(tx):
    return found(tx, 6)


def attach(tx, round_, number, folder, *, code="KT3", name=None, media=None, content=b"%PDF"):
    """Attach a file of area `number`; without content it is not fetched yet."""
    unit = places.units_of(tx, round_.commune_id)[number - 1]
    report = reports.report_of(tx, round_.id, unit.id) or reports.start_report(
        tx, round_.id, unit.id, OPENS
    )
    made = evidence.add_attachment(
        tx, report, code, kind="file", reference="x", name=name, media_type=media, size=4,
        by=None, now=OPENS + timedelta(days=2),
    )  # fmt: skip
    if content is not None:
        stored = new_name()
        path_of(folder, stored).parent.mkdir(parents=True, exist_ok=True)
        path_of(folder, stored).write_bytes(content)
        evidence.fetched(tx, made, stored, len(content), media)
    return made


def zipped(tx, round_, folder):
    material = material_of(tx, round_, VI, ZONE)
    write_evidence(material, VI, folder, folder / "a.zip")
    archive = zipfile.ZipFile(folder / "a.zip")
    lines = list(csv.DictReader(io.StringIO(archive.read(INDEX).decode("utf-8-sig"))))
    return archive, lines


def test_files_are_sorted_by_indicator_and_area(tx, round_, tmp_path):
    attach(tx, round_, 1, tmp_path, name="Biên bản (1).PDF")
    attach(tx, round_, 2, tmp_path, code="XH1", media="image/jpeg", content=b"jpg")
    archive, lines = zipped(tx, round_, tmp_path)
    assert archive.testzip() is None
    assert archive.namelist() == [
        "KT3-hop-tac-xa-so/khu-1-hung-lo/01-bien-ban-1.pdf",
        "XH1-an-ninh-trat-tu-so/khu-2-hung-lo/03-file.jpg",
        INDEX,
    ]
    assert archive.read(archive.namelist()[1]) == b"jpg"
    assert [one["state"] for one in lines] == ["in", "link", "in"]
    assert lines[1]["link"] == "https://example.org/htx"


def test_file_names_cannot_lead_out_of_their_folder(tx, round_, tmp_path):
    for name in ("../../etc/passwd", "..\\..\\boot.ini", "/a/b.", "...", "\x00\n.exe", "x" * 300):
        attach(tx, round_, 1, tmp_path, name=name)
    archive, _ = zipped(tx, round_, tmp_path)
    for name in archive.namelist():
        assert ".." not in name
        assert not name.startswith("/")
        assert len(name) < 150
    assert len(set(archive.namelist())) == len(archive.namelist())


def test_a_missing_file_is_only_in_the_index(tx, round_, tmp_path):
    attach(tx, round_, 1, tmp_path, content=None)
    gone = attach(tx, round_, 1, tmp_path)
    path_of(tmp_path, evidence.piece(tx, gone).path).unlink()
    archive, lines = zipped(tx, round_, tmp_path)
    assert archive.namelist() == [INDEX]
    assert [one["state"] for one in lines] == ["not_fetched", "gone", "link"]


def test_the_evidence_of_a_draft_is_left_out(tx, round_, tmp_path):
    attach(tx, round_, 6, tmp_path)
    _, lines = zipped(tx, round_, tmp_path)
    assert [one["unit"] for one in lines] == ["k2"]


def test_areas_with_similar_names_have_separate_folders(tx, round_, tmp_path):
    attach(tx, round_, 1, tmp_path)
    attach(tx, round_, 2, tmp_path)
    material = material_of(tx, round_, VI, ZONE)
    labels = ("Khu Mơ", "Khu Mớ")
    units = dict(material.status.units)
    for unit, label in zip(list(units), labels, strict=False):
        units[unit] = replace(units[unit], label=label, shared_label=False)
    alike = replace(material, status=replace(material.status, units=units))
    write_evidence(alike, VI, tmp_path, tmp_path / "a.zip")
    folders = {name.split("/")[1] for name in zipfile.ZipFile(tmp_path / "a.zip").namelist()[:-1]}
    assert folders == {"khu-mo-k1", "khu-mo-k2"}


def test_the_same_evidence_gives_the_same_bytes(tx, round_, tmp_path):
    attach(tx, round_, 1, tmp_path, name="a.pdf")
    zipped(tx, round_, tmp_path)
    once = (tmp_path / "a.zip").read_bytes()
    zipped(tx, round_, tmp_path)
    assert (tmp_path / "a.zip").read_bytes() == once
