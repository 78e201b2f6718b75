"""`round`: opening, moving, closing, cancelling and reopening periods."""

import shutil
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.service.clock import Clock
from storage.people import people
from storage.places import places
from storage.tables import outbox

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def commune(shell, template, tmp_path):
    shutil.copyfile(template, tmp_path / "commune.db")

    def make(tx):
        made = places.add_commune(tx, "yen-kien", "Xã Yên Kiện", "Đoan Hùng")
        places.add_unit(tx, made.id, "khu-1", "Khu 1", number=1)
        places.add_unit(tx, made.id, "khu-2", "Khu 2", number=2)
        return made

    return shell.write(make)


def day(days):
    return (Clock().now().astimezone(ZONE) + timedelta(days=days)).date().isoformat()


def opened(shell, *words):
    return shell.json(
        "round", "open", "--commune", "yen-kien", "--name", "Kỳ 1", "--deadline", day(7), *words
    )[0]


def test_a_deadline_is_the_end_of_its_day_and_the_close_is_five_days_later(shell, commune):
    made = opened(shell)
    deadline = datetime.fromisoformat(made["deadline"]).astimezone(ZONE)
    assert deadline.isoformat() == f"{day(7)}T23:59:59+07:00"
    assert datetime.fromisoformat(made["closes_at"]) - deadline == timedelta(days=5)
    assert (made["commune"], made["state"], made["data_date"]) == ("yen-kien", "open", day(0))


def test_times_and_the_data_date_can_be_given(shell, commune):
    made = opened(shell, "--close", f"{day(9)}T12:00", "--data-date", day(-1))
    closes = datetime.fromisoformat(made["closes_at"]).astimezone(ZONE)
    assert closes.isoformat() == f"{day(9)}T12:00:00+07:00"
    assert made["data_date"] == day(-1)


def test_a_second_round_of_the_same_set_is_refused(shell, commune):
    opened(shell)
    sentence = shell.run("round", "open", "--all", "--name", "Kỳ 2", "--deadline", day(8), code=1)
    assert "Kỳ 1" in sentence
    assert len(shell.json("round", "list")) == 1


def test_a_round_can_be_opened_for_a_group_of_communes(shell, commune):
    shell.run("round", "open", "--group", "Đoan Hùng", "--name", "Kỳ 1", "--deadline", day(3))
    shell.run("round", "open", "--group", "x", "--name", "K", "--deadline", day(3), code=1)
    assert [r["name"] for r in shell.json("round", "list", "--commune", "yen-kien")] == ["Kỳ 1"]


def test_the_deadline_can_be_moved(shell, commune):
    made = opened(shell)
    shell.run("round", "edit", made["id"], "--deadline", day(6))
    (after,) = shell.json("round", "list")
    assert after["deadline"] < made["deadline"]
    assert after["closes_at"] == made["closes_at"]
    assert "close" in shell.run("round", "edit", made["id"], "--close", day(1), code=1)


def test_a_command_notifies_the_same_people_as_an_officer(shell, commune):
    made = opened(shell)

    def join(tx):
        moment = Clock().now()
        unit = places.area_by(tx, commune.id, "Khu 1")
        for role, of_unit in (("reporter", unit.id), ("leader", None), ("officer", None)):
            one = people.add_person(tx, bot="telegram", address=f"7{role}", name=role,
                                    handle=None, language="vi", consent_version="1", now=moment)  # fmt: skip
            people.add_membership(
                tx, one.id, role, now=moment, unit_id=of_unit, commune_id=commune.id
            )

    def told():
        def take(tx):
            rows = tx.execute(sa.select(outbox.c.payload).order_by(outbox.c.id)).scalars().all()
            tx.execute(sa.delete(outbox))
            return rows

        return shell.write(take)

    shell.write(join)
    shell.run("round", "edit", made["id"], "--deadline", day(6))
    moved = told()
    assert len(moved) == 3  # the officer reports for the office
    assert all("đổi ngày" in one for one in moved)
    shell.run("round", "close", made["id"])
    why = ["--reason", "mất sóng", "--until", day(20)]
    shell.run("round", "reopen", made["id"], "--area", "Khu 1", *why)
    reporter, leader = told()
    assert "mở lại" in reporter
    assert "riêng cho Khu 1" in leader
    shell.run("round", "reopen", made["id"], *why)
    assert len(told()) == 3
    shell.run("round", "cancel", made["id"], "--reason", "nhầm kỳ")
    assert len([one for one in told() if "nhầm kỳ" in one]) == 3


def test_a_round_is_closed_and_reopened_for_one_area(shell, commune):
    made = opened(shell)
    shell.run("round", "close", made["id"])
    assert "not open" in shell.run("round", "close", made["id"], code=1)
    why = ["--reason", "mất sóng", "--until", day(20)]
    said = shell.run("round", "reopen", made["id"], "--area", "Khu 2", *why)
    assert "Khu 2" in said
    assert shell.json("round", "list")[0]["state"] == "closed"
    shell.run("round", "reopen", made["id"], *why)
    assert shell.json("round", "list")[0]["state"] == "open"


def test_a_cancelled_round_stays_cancelled(shell, commune):
    made = opened(shell)
    shell.run("round", "cancel", made["id"], "--reason", "nhầm kỳ")
    why = ["--reason", "x", "--until", day(3)]
    assert "cancelled" in shell.run("round", "reopen", made["id"], *why, code=1)
    assert shell.json("round", "list")[0]["reason"] == "nhầm kỳ"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--commune", "yen-kien", "--name", "K", "--deadline", "2020-01-01"], 1),
        (["--commune", "yen-kien", "--name", "K", "--deadline", "tomorrow"], 2),
        (["--commune", "yen-kien", "--name", "K"], 2),
        (["--name", "K", "--deadline", "2099-01-01"], 2),
        (["--commune", "yen-kien", "--all", "--name", "K", "--deadline", "2099-01-01"], 2),
        (["--commune", "xx", "--name", "K", "--deadline", "2099-01-01"], 1),
        (["--all", "--name", "K", "--deadline", "2099-01-01", "--criteria", "none"], 1),
        (["--all", "--name", "K", "--deadline", "2099-01-05", "--close", "2099-01-01"], 1),
    ],
)
def test_invalid_rounds_cannot_be_opened(shell, commune, words, code):
    shell.run("round", "open", *words, code=code)
    assert shell.json("round", "list") == []


def test_an_unknown_round_is_one_sentence(shell, commune):
    for words in (["close"], ["cancel", "--reason", "x"], ["edit", "--deadline", day(2)]):
        assert "There is no round 77" in shell.run("round", words[0], 77, *words[1:], code=1)


def test_scheduled_rounds_can_be_set_and_listed(shell, commune):
    assert "by hand" in shell.run("round", "schedule", "--commune", "yen-kien")
    set_ = ("--every", "quarter", "--opens-on", 10, "--deadline-on", 31)
    (made,) = shell.json("round", "schedule", "--all", *set_)
    assert (made["every"], made["opens_on"], made["deadline_on"]) == ("quarter", 10, 31)
    assert datetime.fromisoformat(made["next_on"]).month % 3 == 0
    assert "every quarter" in shell.run("round", "schedule", "--commune", "yen-kien")
    assert "by hand" in shell.run("round", "schedule", "--all", "--off")
    refused = shell.run("round", "schedule", "--all", "--every", "month", code=2)
    assert "--opens-on" in refused


def test_the_reminder_plan_of_a_round_can_be_shown_and_changed(shell, commune):
    made = opened(shell)
    shown = shell.json("round", "reminders", made["id"])
    assert shown["at"] == "08:00"
    assert shown["entries"][0] == "opening"
    changed = shell.json(
        "round", "reminders", made["id"], "--on", "deadline-2,close-1", "--at", "18:30"
    )
    assert changed["entries"] == ["deadline-2", "close-1"]
    assert [one[:16] for one in changed["times"]] == [f"{day(5)}T18:30", f"{day(11)}T18:30"]
    assert shell.json("round", "reminders", made["id"]) == changed
    assert "nobody is disturbed at night" in shell.run(
        "round", "reminders", made["id"], "--at", "22:00", code=1
    )
    assert '"deadline-3"' in shell.run("round", "reminders", made["id"], "--on", "soon", code=1)
