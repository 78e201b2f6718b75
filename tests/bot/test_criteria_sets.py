"""Additional criteria sets from DATA_DIR/criteria-sets: read, listed, and refused when broken."""

import shutil
from pathlib import Path

import pytest

from bot.criteria_sets import sets_of
from bot.operations.check.check import check_all
from criteria.sets.set_file import shipped_text

SECOND = Path(__file__).parents[1] / "xa-sach-2026.toml"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "criteria-sets"
    made.mkdir()
    return made


def left_aside(tmp_path):
    """Why the one file is left out; all other sets are there."""
    sets, (aside,) = sets_of(tmp_path)
    assert "phu-tho-2024" in {one.id for one in sets}
    assert "\n" not in aside.why
    return aside.why


def test_without_the_folder_there_are_the_shipped_sets(tmp_path):
    sets, aside = sets_of(tmp_path)
    assert ([one.id for one in sets], aside) == (["phu-tho-2024"], ())


def test_a_set_of_the_folder_is_read_with_its_text(tmp_path, folder):
    shutil.copy(SECOND, folder)
    (folder / "README.txt").write_text("not a set")
    (_, second), _ = sets_of(tmp_path)
    assert (second.id, second.text) == ("xa-sach-2026", SECOND.read_text(encoding="utf-8"))


def test_a_broken_set_is_reported_with_file_place_and_reason(tmp_path, folder):
    text = SECOND.read_text(encoding="utf-8")
    (folder / "bad.toml").write_text(text.replace('"60 %"', '"160 %"'), encoding="utf-8")
    said = left_aside(tmp_path)
    assert "bad.toml: indicators.1 (RA1).threshold: " in said


@pytest.mark.parametrize(
    ("content", "place"), [(b"\xff\xfe\x00", "UTF-8"), (b"id = ", "TOML"), (b"", "id")]
)
def test_a_file_that_is_not_a_set_is_reported_too(tmp_path, folder, content, place):
    (folder / "bad.toml").write_bytes(content)
    assert place in left_aside(tmp_path)


def test_a_set_with_an_existing_id_is_left_out(tmp_path, folder):
    (folder / "mine.toml").write_text(shipped_text("phu-tho-2024"), encoding="utf-8")
    assert "mine.toml: id: there is a set 'phu-tho-2024' already" in left_aside(tmp_path)


def test_a_byte_order_mark_is_accepted(tmp_path, folder):
    (folder / "marked.toml").write_bytes(b"\xef\xbb\xbf" + SECOND.read_bytes())
    (_, second), aside = sets_of(tmp_path)
    assert (second.id, aside) == ("xa-sach-2026", ())
    assert not second.text.startswith("\ufeff")


async def test_one_bad_file_stops_nothing_and_is_reported_once(deployment, log):
    operator = deployment.phone("Hương", user_id=77)
    deployment.settings = deployment.settings.model_copy(update={"operator_ids": frozenset({"77"})})
    folder = deployment.settings.data_dir / "criteria-sets"
    folder.mkdir(parents=True)
    shutil.copy(SECOND, folder / "good.toml")
    async with deployment.running():
        await operator.send("/start")
        await operator.press("✅")
    (folder / "bad.toml").write_text("id = ")
    for _ in range(2):
        async with deployment.running() as program:
            await deployment.quiet()
            assert {one.id for one in program.deployment.sets} == {"phu-tho-2024", "xa-sach-2026"}
    told = [one for one in operator.screens if "bad.toml" in one]
    assert len(told) == 1
    assert "criteria file left aside" in log.getvalue()
    found = [one for one in await check_all(deployment.settings) if one.what == "criteria"]
    assert [(one.ok, "bad.toml" in one.text) for one in found] == [(False, True)]
