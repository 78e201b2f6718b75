"""`roster`: out, in again, twice the same; wrong workbooks change nothing."""

import json

import pytest
from openpyxl import load_workbook


def test_what_is_exported_changes_nothing_when_imported(shell, sample, tmp_path):
    file = tmp_path / "roster.xlsx"
    assert "is written" in shell.run("roster", "export", file)
    said = json.loads(shell.run("roster", "import", file, "--json"))
    assert (said["changed"], said["changes"]) == (False, [])
    assert "nothing to change" in shell.run("roster", "import", file)


def test_a_change_is_shown_first_then_made_then_done(shell, sample, tmp_path):
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
    shown = shell.run("roster", "import", file, "--dry-run")
    assert "412 → 415" in shown
    assert "Would change: 1 figures" in shown
    assert "Changed: 1 figures" in shell.run("roster", "import", file)
    assert "nothing to change" in shell.run("roster", "import", file)


def test_the_template_can_be_opened(shell, tmp_path):
    file = tmp_path / "empty.xlsx"
    shell.run("roster", "template", file)
    workbook = load_workbook(file)
    assert len(workbook.sheetnames) > 1
    workbook.close()


@pytest.mark.parametrize("content", [b"", b"not a workbook"])
def test_what_is_no_workbook_is_refused(shell, tmp_path, content):
    file = tmp_path / "wrong.xlsx"
    file.write_bytes(content)
    assert "was not taken in" in shell.run("roster", "import", file, code=1)


def test_a_file_that_is_not_there_is_wrong_use(shell, tmp_path):
    shell.run("roster", "import", tmp_path / "none.xlsx", code=2)
