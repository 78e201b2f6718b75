"""`criteria`: the sets, their check, and how replies are read."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import commands
from criteria.sets.set_file import shipped_text

SECOND = Path(__file__).parents[3] / "xa-sach-2026.toml"


def test_the_sets_are_listed_and_shown(shell):
    (first,) = shell.json("criteria", "list")
    assert first["id"] == "phu-tho-2024"
    assert first["indicators"] == 13
    shown = shell.run("criteria", "show", "phu-tho-2024")
    assert "HT1" in shown
    assert "≥ 85 %" in shown
    assert "all areas" in shown
    assert "≥ 1 area " in shown
    assert shell.json("criteria", "show", "phu-tho-2024")["id"] == "phu-tho-2024"
    assert "phu-tho-2024" in shell.run("criteria", "show", "none", code=1)


def test_a_file_is_checked_and_the_line_is_named(shell, tmp_path):
    good = tmp_path / "good.toml"
    good.write_text(shipped_text("phu-tho-2024"), encoding="utf-8")
    assert "right" in shell.run("criteria", "check", good, "--language", "en")
    bad = tmp_path / "bad.toml"
    bad.write_text(
        shipped_text("phu-tho-2024").replace('threshold = "85 %"', 'threshold = "185 %"', 1),
        encoding="utf-8",
    )
    said = shell.run("criteria", "check", bad, "--language", "en", code=1)
    assert "indicators.1 (HT1).threshold" in said
    assert '    threshold = "185 %"\n  must be above 0 %' in said
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    shell.run("criteria", "check", tmp_path / "binary.toml", code=1)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_of_a_windows_editor_is_accepted(shell, tmp_path, encoding):
    file = tmp_path / "set.toml"
    file.write_bytes(shipped_text("phu-tho-2024").replace("\n", "\r\n").encode(encoding))
    assert "is right" in shell.run("criteria", "check", file)


def test_all_mistakes_of_a_file_are_reported_in_the_language_of_the_reader(
    shell, tmp_path, monkeypatch
):
    file = tmp_path / "set.toml"
    text = SECOND.read_text(encoding="utf-8")
    for old, new in (
        ('threshold = "60 %"', "threshold = “60 %”"),
        ('kind = "yes_no"', 'kind = "yes_no'),
        ('asked_of = "office"', 'askd_of = "office"'),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")
    for lang, language, shown in (
        ("en_GB.UTF-8", [], "Curly quotes"), ("vi_VN.UTF-8", [], "ngoặc kép cong"),
        ("en_GB.UTF-8", ["--language", "vi"], "ngoặc kép cong"),
    ):  # fmt: skip
        monkeypatch.setenv("LC_ALL", lang)
        said = shell.run("criteria", "check", file, *language, code=1)
        assert shown in said
        for better in ('threshold = "60 %"', 'kind = "yes_no"', 'asked_of = "office"'):
            assert f"    {better}\n" in f"{said}\n"


def test_a_reply_may_begin_with_a_dash(shell):
    said = json.loads(
        shell.run("criteria", "read", "--kind", "count", "--json", "--", "350", "-5", "bỏ qua")
    )
    assert [one["text"] for one in said] == ["350", "-5", "bỏ qua"]
    assert [one["outcome"] for one in said] == ["value", "ask", "command"]
    assert said[0]["reading"] == "350"
    assert said[1]["reading"] == ""
    assert said[2]["reading"] == "skip"


def test_the_deciding_rules_are_shown_with_each_word(shell):
    (said,) = json.loads(
        shell.run("criteria", "read", "--kind", "yes_no", "--json", "--explain", "có báo giá rồi")
    )
    assert (said["outcome"], said["rules"]) == ("ask", ["only_a_plan"])
    assert said["words"][1] == {"word": "báo giá", "part": "plan"}
    plainly = shell.run("criteria", "read", "--kind", "count", "--explain", "nhà bác Ba")
    assert "rules: somebodys_name" in plainly
    assert "Ba (name)" in plainly


def test_an_edit_names_the_question_and_the_reply(shell):
    (said,) = json.loads(
        shell.run("criteria", "read", "--kind", "ratio", "--json", "sửa câu 3: 350/400")
    )
    assert (said["reading"], said["question"], said["reply"]) == ("edit", 3, "350/400")


@pytest.mark.parametrize("words", [["--kind", "other", "x"], ["x"], ["--kind", "count"]])
def test_wrong_arguments_are_refused(shell, words):
    shell.run("criteria", "read", *words, code=2)


def test_a_set_of_the_folder_can_be_listed_shown_and_opened(shell, sample, tmp_path):
    folder = tmp_path / "data" / "criteria-sets"
    folder.mkdir(parents=True)
    shutil.copy(SECOND, folder)
    listed = shell.json("criteria", "list")
    assert [one["id"] for one in listed] == ["phu-tho-2024", "xa-sach-2026"]
    assert "RA1" in shell.run("criteria", "show", "xa-sach-2026")
    (made,) = shell.json(
        "round", "open", "--all", "--name", "Kỳ sạch", "--deadline", "2099-11-25",
        "--criteria", "xa-sach-2026",
    )  # fmt: skip
    assert made["criteria"] == "xa-sach-2026"
    said = shell.run("round", "open", "--all", "--name", "Kỳ", "--deadline", "2099-11-25",
                     "--criteria", "none", code=1)  # fmt: skip
    assert "there is phu-tho-2024, xa-sach-2026" in said
    (folder / "bad.toml").write_text('id = "x"', encoding="utf-8")
    listed = CliRunner().invoke(commands, ["criteria", "list"])
    assert "bad.toml: version: " in listed.stderr
    assert "xa-sach-2026" in listed.stdout


def test_whole_reports_are_read_with_the_questions_of_a_set(shell, tmp_path):
    said = json.loads(
        shell.run(
            "criteria", "read", "--kind", "report", "--json", "--",
            "câu 1: 350/400, câu 6: hơn 10, còn lại như kỳ trước", "- câu 3 có\n- câu 4 chưa",
        )
    )  # fmt: skip
    assert said[0] == {
        "text": "câu 1: 350/400, câu 6: hơn 10, còn lại như kỳ trước",
        "outcome": "report",
        "answers": [
            {"question": 1, "outcome": "value", "reading": "350/400"},
            {"question": 6, "outcome": "ask", "reading": "", "reason": "vague"},
        ],
        "rest": "same",
        "command": None,
    }
    assert [one["reading"] for one in said[1]["answers"]] == ["yes", "no"]
    plainly = shell.run("criteria", "read", "--kind", "report", "--explain", "c3 có, camera chưa")
    assert "3: value yes" in plainly
    assert "named_by_name" in plainly
    assert "there is" in shell.run(
        "criteria", "read", "--kind", "report", "--set", "none", "có", code=1
    )
    shell.run("criteria", "read", "--kind", "count", "--set", "phu-tho-2024", "350", code=1)
