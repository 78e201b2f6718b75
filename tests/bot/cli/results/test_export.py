"""`export`: every format, the same bytes each time, one sentence for anything missing."""

import csv
import json
import sys
import zipfile

import pytest

from handlers.exports.formats import FORMATS, OF_MANY
from storage.places import places
from storage.results import word_drafts
from tests.handlers.exports.made_up import register_plain_text


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_gives_the_same_bytes_each_time(shell, sample, tmp_path, format_):
    made = []
    for name in ("a", "b"):
        file = tmp_path / f"{name}.{format_}"
        said = shell.run("export", "--commune", "doi-che", "--format", format_, file)
        assert f"{file}: " in said
        made.append(file.read_bytes())
    assert made[0] == made[1]
    left = [one.name for one in tmp_path.iterdir() if one.name.startswith(".export")]
    assert left == []


def test_further_pictures_are_written_beside_the_first(shell, sample, tmp_path):
    shell.run("export", "--commune", "doi-che", "--format", "png", tmp_path / "hinh.png")
    names = {one.name for one in tmp_path.glob("hinh*.png")}
    assert names == {"hinh.png", "hinh-khu.png", "hinh-cac-ky.png", "hinh-theo-ngay.png"}


def test_an_earlier_round_can_be_exported_in_english(shell, sample, tmp_path):
    rounds = shell.json("round", "list", "--commune", "doi-che")
    file = tmp_path / "a.json"
    given = ("--round", rounds[1]["id"], "--language", "en")
    shell.run("export", "--commune", "doi-che", "--format", "json", *given, file)
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found["round"]["id"] == rounds[1]["id"]
    assert found["reports"][-1]["name"] != "Văn phòng xã"
    shell.run("export", "--commune", "doi-che", "--format", "xlsx", *given, tmp_path / "a.xlsx")
    assert b"Summary" in zipfile.ZipFile(tmp_path / "a.xlsx").read("xl/workbook.xml")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--commune", "nowhere", "--format", "csv", "a.csv"], 1),
        (["--commune", "doi-che", "--round", "none", "--format", "csv", "a.csv"], 1),
        (["--commune", "doi-che", "--format", "csv", "nowhere/a.csv"], 1),
        (["--commune", "doi-che", "--format", "pdf", "a.pdf"], 2),
    ],
)
def test_unknown_places_and_rounds_are_errors(shell, sample, words, code):
    shell.run("export", *words, code=code)


def test_a_new_format_is_offered_and_written(shell, sample, tmp_path, monkeypatch):
    shell.run("export", "--commune", "doi-che", "--format", "txt", "a.txt", code=2)
    register_plain_text(monkeypatch, for_leaders=False)
    assert "the result as plain text" in shell.run("export", "--help")
    shell.run("export", "--commune", "doi-che", "--format", "txt", tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8").startswith("Xã Đồi Chè: ")


def test_the_help_lists_every_format(shell):
    said = " ".join(shell.run("export", "--help").split())
    for one in FORMATS.values():
        assert f"{one.name} {one.description}" in said


def test_a_format_without_its_extra_names_the_extra(shell, sample, tmp_path, monkeypatch):
    for name, module, extra in (("png", "matplotlib", "pictures"), ("docx", "docx", "documents")):
        for loaded in [one for one in sys.modules if one.startswith("handlers.exports.pictures")]:
            monkeypatch.delitem(sys.modules, loaded)
        monkeypatch.setitem(sys.modules, module, None)
        given = ("--commune", "doi-che", "--format", name, tmp_path / f"a.{name}")
        assert f"pip install '.[{extra}]'" in shell.run("export", *given, code=1)


def test_the_document_of_a_word_report_must_be_given_only_once(shell, sample, tmp_path):
    def words():
        with zipfile.ZipFile(tmp_path / "a.docx") as made:
            return made.read("word/document.xml").decode()

    given = ("export", "--commune", "doi-che", "--format", "docx", tmp_path / "a.docx")
    shell.run(*given)
    assert "Công văn" not in words()
    shell.run(*given, "--document", "Công văn số 7/UBND ngày 05/3/2026 của UBND tỉnh")
    assert "Thực hiện Công văn số 7/UBND" in words()
    shell.run(*given)
    assert "Thực hiện Công văn số 7/UBND" in words()
    shell.run(*given, "--document", "")
    assert "Công văn" not in words()
    shell.run(*given, "--document", "x", code=1)
    shell.run("export", "--commune", "doi-che", "--format", "csv", "--document", "abc", "a", code=2)


def test_a_word_report_stores_the_checksum_of_its_figures(shell, sample, tmp_path):
    file = tmp_path / "a.docx"
    shell.run("export", "--commune", "doi-che", "--format", "docx", file)
    (newest, *_) = shell.json("round", "list", "--commune", "doi-che")
    draft = shell.write(lambda tx: word_drafts.draft_of(tx, newest["id"]))
    assert draft.document is None
    assert draft.figures is not None
    assert draft.made_at is not None


@pytest.mark.parametrize("format_", OF_MANY)
def test_all_communes_or_a_group_stand_in_one_file(shell, sample, tmp_path, format_):
    def grouped(tx):
        without = places.add_commune(tx, "xa-moi", "Xã Mới", "Vùng cao")
        assert without.group_name == "Vùng cao"

    shell.write(grouped)
    for option in (("--all",), ("--group", "Vùng cao")):
        file = tmp_path / f"{option[-1]}.{format_}"
        assert f"{file}: " in shell.run("export", *option, "--format", format_, file)
        assert file.stat().st_size


def test_a_file_of_many_communes_says_what_is_missing(shell, sample, tmp_path):
    shell.write(lambda tx: places.add_commune(tx, "xa-moi", "=Xã Mới", None))
    file = tmp_path / "a.json"
    shell.run("export", "--all", "--format", "json", file)
    with_round, without = sorted(
        json.loads(file.read_text(encoding="utf-8"))["communes"], key=lambda one: one["code"]
    )
    assert without["round"] is None
    assert "reports_in" not in without
    missing = with_round["reports_expected"] - with_round["reports_in"]
    assert len(with_round["missing"]) == missing > 0
    table = tmp_path / "a.csv"
    shell.run("export", "--all", "--format", "csv", table)
    rows = list(csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines()))
    (alone,) = (one for one in rows if one["commune"] == "xa-moi")
    assert (alone["name"], alone["round"], alone["reports_in"]) == ("'=Xã Mới", "—", "—")
    assert len(rows) == 1 + 13


def test_exactly_one_way_to_choose_communes_and_its_own_formats(shell, sample, tmp_path):
    file = tmp_path / "a"
    for options in ((), ("--all", "--commune", "doi-che"), ("--all", "--group", "x")):
        said = shell.run("export", *options, "--format", "json", file, code=2)
        assert "--commune, --group" in said
    assert "docx" in shell.run("export", "--all", "--format", "docx", file, code=2)
    assert "--round" in shell.run(
        "export", "--all", "--round", "1", "--format", "json", file, code=2
    )
    assert not file.exists()
