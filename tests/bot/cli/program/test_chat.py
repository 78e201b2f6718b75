"""`chat`: the same conversation in the terminal, with numbered options."""

from datetime import timedelta

import sqlalchemy as sa
from PIL import Image

from bot.service.clock import Clock
from storage import history
from storage.people import invitations
from storage.places import places
from storage.tables import evidence


def code_of(sample):
    return sample.persona("newcomer").start


def test_a_stranger_can_join_and_report_by_numbers_and_text(shell, sample):
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


def test_a_returning_person_sees_the_same_place(shell, sample):
    shell.run("chat", "--as", "tam", typed=f"/start {code_of(sample)}\n/1\nbáo cáo\n300\n")
    said = shell.run("chat", "--as", "tam", typed="")
    assert "Câu 2/8" in said

    def answers(tx):
        unit = places.area_by(tx, sample.commune_id, "khu-10-bg")
        return [e for e in history.history_of_unit(tx, unit.id) if e.what == "answer"]

    entry = shell.write(answers)[0]
    assert (entry.name, entry.indicator) == ("tam", "HT1")
    assert entry.new["numerator"] == 300


def test_a_whole_report_in_one_message_and_an_unchanged_report(shell, sample):
    whole = "1: 300/353, 2: 5/5, còn lại như kỳ trước"
    said = shell.run(
        "chat", "--as", "tam", typed=f"/start {code_of(sample)}\n/1\n{whole}\n/1\ngửi\n"
    )
    assert "Đọc được như sau" in said
    assert "/1 ✅ Đúng cả" in said
    assert "Đã gửi báo cáo: Khu 10" in said
    assert "Giữ nguyên 6/8 câu như kỳ trước" in said


def test_an_unchanged_report_in_three_choices(shell, sample):
    typed = f"/start {code_of(sample)}\n/1\nbáo cáo\ngiữ cả như kỳ trước\n/1\n"
    said = shell.run("chat", "--as", "tam", typed=typed)
    assert "/1 ✅ Đúng cả, gửi" in said
    assert "Giữ nguyên 8/8 câu như kỳ trước" in said


def test_the_slash_is_optional_before_joining(shell, sample):
    said = shell.run("chat", "--as", "tam", typed=f"/start {code_of(sample)}\n1\nbáo cáo\n1\n")
    assert "Câu 1/8" in said
    assert "1/353" in said  # 1 meant one person there


def test_english_can_be_chosen(shell, sample):
    assert "✅" in shell.run(
        "chat", "--as", "tam", "--language", "en", typed=f"/start {code_of(sample)}\n"
    )


def invited(shell, sample, role):
    """A join code for the commune's officer or leader."""
    now = Clock().now()
    return shell.write(
        lambda tx: invitations.create_invitation(
            tx, role, now=now, expires_at=now + timedelta(days=1), commune_id=sample.commune_id
        )[1]
    )


def test_an_officer_can_review_by_numbers(shell, sample):
    code = invited(shell, sample, "officer")
    said = shell.run("chat", "--as", "mai", typed=f"/start {code}\n/1\n/duyet\n/1\n/1\n")
    assert "Duyệt báo cáo nào trước ạ?" in said
    assert "/1 ✅ Duyệt" in said
    assert "✅ Đã duyệt: Khu 7." in said


def test_a_leader_can_request_files_by_name(shell, sample, tmp_path):
    code = invited(shell, sample, "leader")
    said = shell.run("chat", "--as", "son", typed=f"/start {code}\n/1\n/tinhhinh\n/5\n")
    assert "/5 📄 Bản Excel" in said
    [book] = tmp_path.glob("*.xlsx")
    assert str(book) in said


def test_a_picture_can_be_sent_by_its_file_name(shell, sample, tmp_path):
    Image.new("RGB", (32, 24), "green").save(tmp_path / "anh.jpg")
    said = shell.run(
        "chat", "--as", "tam",
        typed=f"/start {code_of(sample)}\n/1\n/file anh.jpg\nbáo cáo\nsửa câu 7\nthêm…\nminh chứng\n"
        "/file không có.jpg\n/file anh.jpg\n",
    )  # fmt: skip
    assert "Gửi cán bộ xã nhập giúp" in said  # and it is not stored
    assert "không có.jpg can't be read" in said
    assert "Đã nhận minh chứng cho câu 7" in said
    [kept] = [one for one in (tmp_path / "data" / "evidence").rglob("*") if one.is_file()]
    found = shell.write(lambda tx: tx.execute(sa.select(evidence)).one())
    assert (found.path, found.channel_reference) == (
        str(kept.relative_to(tmp_path / "data")),
        None,
    )


def test_wrong_arguments_are_refused(shell):
    shell.run("chat", code=2)
