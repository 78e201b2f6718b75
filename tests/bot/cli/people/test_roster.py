"""`roster`: export and import again change nothing; wrong workbooks change nothing."""

import json

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook

from bot.cli import commands


def test_importing_an_export_changes_nothing(shell, sample, tmp_path):
    file = tmp_path / "roster.xlsx"
    assert "is written" in shell.run("roster", "export", file)
    said = json.loads(shell.run("roster", "import", file, "--json"))
    assert (said["changed"], said["changes"]) == (False, [])
    assert "nothing to change" in shell.run("roster", "import", file)


def test_a_change_is_first_shown_and_then_applied(shell, sample, tmp_path):
    file = tmp_path / "roster.xlsx"
    shell.run("roster", "export", file)
    workbook = load_workbook(file)
    for sheet in workbook:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == 412:  # adults of Khu 1
                    cell.value = 415
    workbook.save(file)
    workbook.close()
    shown = shell.run("roster", "import", file, "--dry-run").splitlines()
    assert shown[0].split() == ["Where", "What", "Change"]
    assert shown[1].split() == ["doi-che/khu-1-dc", "adults", "412", "→", "415"]
    assert shown[2:] == ["Would change: 1 figures."]
    made = shell.run("roster", "import", file).splitlines()
    assert made == [*shown[:2], "Changed: 1 figures."]
    assert "nothing to change" in shell.run("roster", "import", file)


def test_a_long_table_is_cut_with_a_note(shell, tmp_path):
    file = tmp_path / "many.xlsx"
    workbook = Workbook()
    workbook.active.title = "Xã"
    for row in [["Tên xã", "Mã xã"], *([f"Xã {n}", f"x{n}"] for n in range(40))]:
        workbook.active.append(row)
    workbook.save(file)
    assert len(shell.run("roster", "import", file, "--dry-run").splitlines()) == 2 + 40 + 1
    lines = shell.run("roster", "import", file).splitlines()
    assert lines[-2:] == [
        "… and 10 more; --dry-run shows them all.", "Changed: 40 new communes.",
    ]  # fmt: skip


def test_the_json_option_prints_only_json(shell, sample, tmp_path):
    file = tmp_path / "roster.xlsx"
    shell.run("roster", "export", file)
    result = CliRunner().invoke(commands, ["roster", "import", str(file), "--json"])
    assert result.stderr == ""
    assert json.loads(result.stdout)["changed"] is False


def test_the_template_can_be_opened(shell, tmp_path):
    file = tmp_path / "empty.xlsx"
    shell.run("roster", "template", file)
    workbook = load_workbook(file)
    assert len(workbook.sheetnames) > 1
    workbook.close()


@pytest.mark.parametrize("content", [b"", b"not a workbook"])
def test_a_file_that_is_not_a_workbook_is_refused(shell, tmp_path, content):
    file = tmp_path / "wrong.xlsx"
    file.write_bytes(content)
    assert "was not taken in" in shell.run("roster", "import", file, code=1)


def test_a_missing_file_is_a_usage_error(shell, tmp_path):
    shell.run("roster", "import", tmp_path / "none.xlsx", code=2)


def test_possible_duplicates_are_imported_only_after_confirmation(shell, tmp_path):
    file = tmp_path / "doubled.xlsx"
    workbook = Workbook()
    workbook.active.title = "Xã"
    for row in [["Tên xã", "Mã xã"], ["Xã Đồi Chè", "dc"], ["Xã Đồi Chè", "dc2"]]:
        workbook.active.append(row)
    workbook.save(file)
    assert "is there twice, as dc and as dc2" in shell.run("roster", "import", file, "--dry-run")
    refused = shell.run("roster", "import", file, code=1)
    assert "is there twice, as dc and as dc2" in refused
    assert "add --yes" in refused
    assert "Changed: 2 new communes." in shell.run("roster", "import", file, "--yes")
    assert "nothing to change" in shell.run("roster", "import", file)
