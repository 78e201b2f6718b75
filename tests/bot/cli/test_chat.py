"""`chat`: the same conversation in the terminal, with numbered options."""

from storage import history, places


def code_of(sample):
    return sample.persona("newcomer").start


def test_a_stranger_joins_and_reports_by_numbers_and_text(shell, sample):
    said = shell.run(
        "chat", "--as", "tam",
        typed=f"/start {code_of(sample)}\n/1\nbáo cáo\n300\n/99\nquay lại\n",
    )  # fmt: skip
    assert "/1 ✅ Đồng ý" in said
    assert "Khu 10" in said
    assert "Câu 1/8" in said
    assert "Câu 2/8" in said
    assert "There is no choice /99" in said
    assert said.rindex("Câu 1/8") > said.index("Câu 2/8")
    assert "<b>" not in said


def test_a_person_comes_back_to_the_same_place(shell, sample):
    shell.run("chat", "--as", "tam", typed=f"/start {code_of(sample)}\n/1\nbáo cáo\n300\n")
    said = shell.run("chat", "--as", "tam", typed="")
    assert "Câu 2/8" in said

    def answers(tx):
        unit = places.area_by(tx, sample.commune_id, "khu-10-bg")
        return [e for e in history.history_of_unit(tx, unit.id) if e.what == "answer"]

    entry = shell.write(answers)[0]
    assert (entry.name, entry.indicator) == ("tam", "HT1")
    assert entry.new["numerator"] == 300


def test_before_joining_the_slash_can_be_left_out(shell, sample):
    said = shell.run("chat", "--as", "tam", typed=f"/start {code_of(sample)}\n1\nbáo cáo\n1\n")
    assert "Câu 1/8" in said
    assert "1/353" in said  # there 1 was one person


def test_english_is_spoken_to_who_wants_it(shell, sample):
    assert "✅" in shell.run(
        "chat", "--as", "tam", "--language", "en", typed=f"/start {code_of(sample)}\n"
    )


def test_wrong_use(shell):
    shell.run("chat", code=2)
