"""Names of evidence: those that the program gives, and no others."""

from pathlib import Path

import pytest

from storage.evidence.evidence_files import UnsafeName, files_on_disk, new_name, path_of

TOKEN = "0f" * 16


def test_a_new_name_leads_into_the_folder(tmp_path: Path) -> None:
    name = new_name()
    assert name != new_name()
    file = path_of(tmp_path, name)
    assert file.relative_to(tmp_path).parts == ("evidence", file.name[:2], file.name)


@pytest.mark.parametrize(
    "name",
    [
        "", ".", "..", "evidence", "../secret", "evidence/../../.env", "/etc/passwd",
        "smart-commune.db", "backups/nightly-2026-11-25.tar", f"evidence/0f/{TOKEN}/..",
        f"evidence/0f/{TOKEN}\n", f"evidence/00/{TOKEN}", f"/evidence/0f/{TOKEN}",
        f"evidence\\0f\\{TOKEN}", f"evidence/0f/{TOKEN}\x00.txt", f"evidence/0f/{TOKEN.upper()}",
        f"evidence/٠٠/{TOKEN}", "evidence/0f/" + "0f" * 5000,
    ],
)  # fmt: skip
def test_any_other_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnsafeName):
        path_of(tmp_path, name)


def test_every_file_in_the_folder_is_found(tmp_path: Path) -> None:
    assert list(files_on_disk(tmp_path)) == []
    for name in (f"evidence/0f/{TOKEN}", "evidence/0f/.half", "evidence/odd"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert list(files_on_disk(tmp_path)) == [
        "evidence/0f/.half",
        f"evidence/0f/{TOKEN}",
        "evidence/odd",
    ]
