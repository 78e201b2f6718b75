"""Further criteria sets from DATA_DIR/criteria-sets: taken, listed, and refused when broken."""

import shutil
from pathlib import Path

import pytest

from bot.criteria_sets import sets_of
from bot.ending import Ending
from criteria.set_file import shipped_text

SECOND = Path(__file__).parents[1] / "xa-sach-2026.toml"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "criteria-sets"
    made.mkdir()
    return made


def refused(tmp_path):
    with pytest.raises(Ending) as raised:
        sets_of(tmp_path)
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_without_the_folder_there_is_what_ships(tmp_path):
    assert [one.id for one in sets_of(tmp_path)] == ["phu-tho-2024"]


def test_a_file_is_taken_with_its_text(tmp_path, folder):
    shutil.copy(SECOND, folder)
    (folder / "README.txt").write_text("not a set")
    _, second = sets_of(tmp_path)
    assert (second.id, second.text) == ("xa-sach-2026", SECOND.read_text(encoding="utf-8"))


def test_what_is_broken_is_told_with_file_place_and_reason(tmp_path, folder):
    text = SECOND.read_text(encoding="utf-8")
    (folder / "bad.toml").write_text(text.replace('"60 %"', '"160 %"'), encoding="utf-8")
    said = refused(tmp_path)
    assert "bad.toml: indicators.1 (RA1).threshold: " in said


@pytest.mark.parametrize(
    ("content", "place"), [(b"\xff\xfe\x00", "UTF-8"), (b"id = ", "TOML"), (b"", "id")]
)
def test_what_is_no_set_at_all_is_told_too(tmp_path, folder, content, place):
    (folder / "bad.toml").write_bytes(content)
    assert place in refused(tmp_path)


def test_the_same_id_twice_is_refused(tmp_path, folder):
    (folder / "mine.toml").write_text(shipped_text("phu-tho-2024"), encoding="utf-8")
    assert "mine.toml: id: there is a set 'phu-tho-2024' already" in refused(tmp_path)
