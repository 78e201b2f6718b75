"""Alarms when the bot has ended by itself: who gets them, for which ends, and how often."""

import os
import re
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import commands
from bot.operations.alarm import LAST_ALARM, NOT_STARTED_AGAIN, SECONDS_APART, Ending, due
from tests.bot.cli.test_commands import checked
from tests.bot.test_process import answers

DOCS = Path(__file__).parents[4] / "docs"
BROKEN, REFUSED = Ending("exit-code", 70), Ending("exit-code", 3)


def noted(folder, ago):
    (folder / LAST_ALARM).touch()
    os.utime(folder / LAST_ALARM, (time.time() - ago,) * 2)


def test_an_end_on_request_raises_no_alarm(tmp_path):
    assert not due(Ending("success", 0), tmp_path)


@pytest.mark.parametrize("ending", [BROKEN, REFUSED, Ending("watchdog", None)])
def test_the_first_of_several_ends_raises_an_alarm(tmp_path, ending):
    assert due(ending, tmp_path)
    noted(tmp_path, SECONDS_APART + 1)
    assert due(ending, tmp_path)


def test_a_program_that_ends_repeatedly_raises_one_alarm(tmp_path):
    noted(tmp_path, 10)
    assert not due(BROKEN, tmp_path)
    assert due(REFUSED, tmp_path)  # from now on the bot is not restarted


def test_a_clock_that_went_back_suppresses_no_alarm(tmp_path):
    noted(tmp_path, -SECONDS_APART)
    assert due(BROKEN, tmp_path)


@pytest.mark.parametrize("unit", ["smart-commune.service", "smart-commune@.service"])
def test_the_units_restart_the_bot_as_the_alarm_says(unit):
    text = (DOCS / unit).read_text(encoding="utf-8")
    (codes,) = re.findall(r"^RestartPreventExitStatus=(.*)$", text, re.MULTILINE)
    assert codes.split() == [str(code) for code in NOT_STARTED_AGAIN]
    assert re.search(r"^ExecStopPost=-\S+ -m bot alarm$", text, re.MULTILINE)


@pytest.fixture
def operator(shell, telegram, monkeypatch, tmp_path):
    """The telephone of an operator who has started the second bot."""
    phone = telegram.do(telegram.world.add_phone, "Lan")
    telegram.do(telegram.world.start, phone.id)
    monkeypatch.setenv("TELEGRAM_API_URL", telegram.address)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:geheim")  # refused: the bot itself cannot send it
    monkeypatch.setenv("ALARM_BOT_TOKEN", telegram.world.token)
    monkeypatch.setenv("OPERATOR_IDS", str(phone.id))
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    return phone


def ended(monkeypatch, result, code="", status=""):
    """Set the environment as systemd does for ExecStopPost."""
    monkeypatch.setenv("SERVICE_RESULT", result)
    monkeypatch.setenv("EXIT_CODE", code)
    monkeypatch.setenv("EXIT_STATUS", status)


def test_the_second_bot_tells_the_operators(shell, operator, monkeypatch, telegram):
    said = shell.run("alarm")
    assert "Thử thôi" in answers(operator)[-1]
    assert telegram.world.token not in said
    ended(monkeypatch, "success", "exited", "0")
    shell.run("alarm")
    ended(monkeypatch, "watchdog", "dumped", "ABRT")
    shell.run("alarm")
    assert "bị treo" in answers(operator)[-1]
    ended(monkeypatch, "exit-code", "exited", "70")
    shell.run("alarm")
    assert len(answers(operator)) == 2
    ended(monkeypatch, "exit-code", "exited", "3")
    shell.run("alarm")
    assert "không tự chạy lại" in answers(operator)[-1]
    assert len(answers(operator)) == 3


def test_an_alarm_that_was_not_delivered_is_tried_again_at_the_next_end(
    shell, operator, monkeypatch, telegram
):
    ended(monkeypatch, "exit-code", "exited", "5")
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:9")
    assert "Not everybody was told" in shell.run("alarm", code=1)
    monkeypatch.setenv("TELEGRAM_API_URL", telegram.address)
    shell.run("alarm")
    assert "không vào được Telegram" in answers(operator)[-1]


def test_an_unreached_operator_is_named_and_no_token_is_shown(
    shell, operator, monkeypatch, telegram
):
    monkeypatch.setenv("OPERATOR_IDS", f"{operator.id},5999999")
    result = CliRunner().invoke(commands, ["alarm"])
    assert result.exit_code == 1
    assert f"{operator.id}: told" in result.stdout
    assert "5999999: Chat not found" in result.stdout
    secret = "123:geheim-token"
    monkeypatch.setenv("ALARM_BOT_TOKEN", secret)
    result = CliRunner().invoke(commands, ["alarm"])
    assert result.exit_code == 1
    assert secret not in result.output


def test_an_alarm_without_recipients_is_one_sentence(shell, operator, monkeypatch):
    monkeypatch.delenv("OPERATOR_IDS")
    assert "OPERATOR_IDS is not set" in shell.run("alarm", code=1)


def test_check_says_who_gets_alarms(shell, operator, monkeypatch, telegram):
    assert "by @smart_commune_bot" in checked()["alarm"]["text"]
    monkeypatch.setenv("ALARM_BOT_TOKEN", "123:geheim")
    assert not checked()["alarm"]["ok"]
    monkeypatch.delenv("ALARM_BOT_TOKEN")
    assert "ALARM_BOT_TOKEN" in checked()["alarm"]["text"]
    monkeypatch.delenv("OPERATOR_IDS")
    assert "nobody is told" in checked()["alarm"]["text"]
