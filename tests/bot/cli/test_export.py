"""`export`: every format, the same bytes each time, and what isn't there is a sentence."""

import json
import zipfile

import pytest

FORMATS = ("xlsx", "docx", "json", "csv", "png", "zip")


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


def test_pictures_stand_beside_the_first(shell, sample, tmp_path):
    shell.run("export", "--commune", "doi-che", "--format", "png", tmp_path / "hinh.png")
    names = {one.name for one in tmp_path.glob("hinh*.png")}
    assert names == {"hinh.png", "hinh-khu.png", "hinh-cac-ky.png", "hinh-theo-ngay.png"}


def test_an_earlier_round_and_english(shell, sample, tmp_path):
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
def test_what_is_not_there(shell, sample, words, code):
    shell.run("export", *words, code=code)
