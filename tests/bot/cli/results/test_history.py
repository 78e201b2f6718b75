"""`history`: an area's changes as sentences and as JSON."""


def test_the_history_is_sentences_with_the_newest_first(shell, sample):
    lines = shell.run("history", "--area", "khu-1-dc", "--commune", "doi-che").splitlines()
    assert "Lê Thị Thu (bấm nút): duyệt báo cáo" in lines[0]
    assert "Hoàng Thị Lan (bấm nút): gửi báo cáo, mã" in lines[1]
    assert "số liệu “người trưởng thành”: —" in "\n".join(lines)
    english = shell.run("history", "--area", "khu-1-dc", "--language", "en")
    assert "the report was sent, code" in english


def test_json_has_who_when_what_old_and_new(shell, sample):
    changes = shell.json("history", "--area", "khu-1-dc")
    answer = next(one for one in changes if one["what"] == "answer")
    assert set(answer) == {
        "at", "who", "what", "way", "way_in_words", "round", "indicator", "old", "new", "sentence",
    }  # fmt: skip
    assert (answer["who"], answer["way"]) == ("Hoàng Thị Lan", "text")
    assert answer["new"]["state"] in {"ratio", "yes_no"}
    assert changes[-1]["what"] == "figure"


def test_the_history_of_the_office_has_the_rounds(shell, sample):
    said = shell.run("history", "--area", "office", "--commune", "doi-che")
    assert "mở kỳ “Tháng" in said
    assert "chốt kỳ “Tháng" in said


def test_unknown_places_are_errors(shell, sample):
    assert "no area" in shell.run("history", "--area", "khu-99", code=1)
    shell.run("history", "--area", "khu-1-dc", "--commune", "nowhere", code=1)
    shell.run("history", code=2)
