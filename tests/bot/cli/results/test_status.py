"""`status`: the result of the sample commune, as text and as JSON."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.service.clock import Clock
from storage.places import places
from storage.rounds import rounds

SECOND = Path(__file__).parents[3] / "xa-sach-2026.toml"


def test_json_has_the_documented_fields(shell, sample):
    found = shell.json("status", "--commune", "doi-che")
    assert found["commune"] == "Xã Đồi Chè"
    assert found["reports"] == {
        "in": 8,
        "expected": 13,
        "missing": found["reports"]["missing"],
        "office": "sent",
    }
    assert len(found["reports"]["missing"]) == 5
    sums = [found[name] for name in ("met", "not_met", "open", "not_applicable")]
    assert sum(sums) == found["total"] == 13
    assert {one["code"] for one in found["indicators"]} >= {"HT1", "XH3"}


@pytest.mark.parametrize(("language", "word"), [("en", "Reports in"), ("vi", "Đã gửi")])
def test_text_names_the_commune_and_fits_into_a_chat(shell, sample, language, word):
    said = shell.run("--language", language, "status")
    assert "XÃ ĐỒI CHÈ" in said
    assert word in said
    assert len(said) <= 2001


@pytest.mark.parametrize(
    ("language", "words"), [("en", "had no round then"), ("vi", "chưa có kỳ báo cáo")]
)
def test_a_commune_without_a_round_is_named(shell, sample, language, words):
    command = ["status", "--commune", "doi-che", "--at", "2020-01-01"]
    assert f"Xã Đồi Chè {words}" in shell.run("--language", language, *command, code=1)


def test_an_earlier_round_or_an_earlier_time_can_be_shown(shell, sample):
    rounds = shell.json("round", "list", "--commune", "doi-che")
    old = shell.json("status", "--commune", "doi-che", "--round", rounds[1]["id"])
    by_name = shell.json("status", "--commune", "doi-che", "--round", rounds[1]["name"])
    assert old["indicators"] == by_name["indicators"]
    assert old["reports"]["in"] == 13
    at_opening = rounds[0]["opens_at"]
    before = shell.json("status", "--commune", "doi-che", "--at", at_opening)
    assert all(one["numerator"] in {0, None} for one in before["indicators"])


def test_a_time_before_a_round_shows_the_round_before(shell, sample):
    rounds = shell.json("round", "list", "--commune", "doi-che")
    opened = datetime.fromisoformat(rounds[0]["opens_at"]) - timedelta(days=1)
    found = shell.json("status", "--commune", "doi-che", "--at", opened.isoformat())
    assert (found["round"], found["reports"]["in"]) == (rounds[1]["name"], 13)
    assert "No commune had a round then" in shell.run("status", "--at", "2020-01-01", code=1)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--commune", "nowhere"], 1),
        (["--commune", "doi-che", "--round", "none"], 1),
        (["--commune", "doi-che", "--at", "2199-01-01"], 1),
        (["--round", "1"], 2),
    ],
)
def test_unknown_places_and_rounds_are_errors(shell, sample, words, code):
    shell.run("status", *words, code=code)


def test_an_empty_installation_is_reported(shell):
    shell.run("migrate")
    assert "No commune" in shell.run("status", code=1)


def test_the_changes_since_a_day_are_shown(shell, sample):
    opens = shell.json("round", "list", "--commune", "doi-che")[0]["opens_at"]
    said = shell.run("status", "--commune", "doi-che", "--since", opens)
    assert "0/13 → 6/13" in said
    found = shell.json("status", "--commune", "doi-che", "--since", opens)
    assert found["since"]["met"] == 0
    assert found["since"]["changes"]
    shell.run("status", "--commune", "doi-che", "--since", "2199-01-01", code=1)


@pytest.fixture
def beside(shell, sample):
    """A round of another set with the same name, opened later; gives the ids of both rounds."""
    first = shell.json("round", "list", "--commune", "doi-che")[0]

    def work(tx):
        commune = places.commune_by(tx, "doi-che")
        now = Clock().now()
        return rounds.open_round(
            tx, commune.id, first["name"], "xa-sach-2026", SECOND.read_text(encoding="utf-8"),
            None, now, now + timedelta(days=9), now + timedelta(days=14), now,
        ).id  # fmt: skip

    return first["id"], shell.write(work), first["name"]


def test_two_sets_open_at_once_are_both_shown(shell, beside):
    _, second, name = beside
    both = shell.json("status", "--commune", "doi-che")
    assert [one["criteria"] for one in both] == ["phu-tho-2024", "xa-sach-2026"]
    named = shell.json("status", "--commune", "doi-che", "--round", name)
    assert [one["criteria"] for one in named] == ["phu-tho-2024", "xa-sach-2026"]
    alone = shell.json("status", "--commune", "doi-che", "--round", second)
    assert alone["criteria"] == "xa-sach-2026"
    now = Clock().now().isoformat()
    assert len(shell.json("status", "--commune", "doi-che", "--at", now)) == 2
    said = shell.run("--language", "vi", "status")
    assert f"XÃ ĐỒI CHÈ – {name} · Xã thông minh" in said
    assert f"XÃ ĐỒI CHÈ – {name} · Xã sạch" in said


def test_a_file_of_two_rounds_is_refused_with_both_ids(shell, beside, tmp_path):
    first, second, name = beside
    words = ("export", "--commune", "doi-che", "--format", "json", tmp_path / "a.json")
    for more in ((), ("--round", name)):
        said = shell.run(*words, *more, code=1)
        assert f"{first} ({name}, Xã nông thôn mới thông minh" in said
        assert f"{second} ({name}, Xã sạch (2026))" in said
    shell.run(*words, "--round", second)
    assert json.loads((tmp_path / "a.json").read_text())["round"]["criteria"] == "xa-sach-2026"
