"""Logs: structured, and no token, phone number, password or message text in them."""

import io
import json
import logging

import pytest
import structlog

from bot.operations import logs

TOKEN = "123456789:" + "AbC-dEf_" * 4 + "xyz"


@pytest.fixture
def written(log):
    return io.StringIO()


def _fail(message):
    raise ValueError(message)


@pytest.mark.parametrize("form", ["console", "json"])
def test_tokens_phones_and_secrets_are_masked(written, form):
    logs.configure("DEBUG", form, secrets=["geheim"], stream=written)
    log = structlog.get_logger("bot.something")
    log.info("polled", address=f"https://api.telegram.org/bot{TOKEN}/getMe", password="geheim")
    logging.getLogger("other").warning("call %s, or +84 912 345 678", "0987654321")
    message = f"The token `{TOKEN}` was rejected"
    try:
        _fail(message)
    except ValueError:
        log.exception("failed")
    text = written.getvalue()
    assert "polled" in text
    assert "builtins.ValueError" in text
    assert "rejected" not in text
    for secret in (TOKEN, TOKEN.split(":")[1], "geheim", "0987654321", "912 345 678"):
        assert secret not in text


def test_each_json_line_is_valid_json(written):
    logs.configure("INFO", "json", stream=written)
    structlog.get_logger("bot.x").info("taken in", count=3, update=123456789)
    line = json.loads(written.getvalue())
    assert line["event"] == "taken in"
    assert line["count"] == 3
    assert line["update"] == 123456789
    assert line["level"] == "info"


def test_times_and_ids_are_not_mistaken_for_phone_numbers():
    line = "2026-01-02T03:04:05.012345Z update=123456789 took=0.0123"
    assert logs.redact(line) == line


def test_libraries_that_log_texts_are_silent_at_debug(written):
    logs.configure("DEBUG", "console", stream=written)
    for name in ("telegram.Bot", "httpx", "httpcore.http11", "aiosqlite", "sqlalchemy.engine"):
        logging.getLogger(name).debug("350/400")
        logging.getLogger(name).info("350/400")
    assert written.getvalue() == ""


def test_a_traceback_has_places_and_types_but_no_message():
    try:
        try:
            int("ba trăm")
        except ValueError as error:
            raise KeyError("ba trăm năm mươi") from error
    except KeyError as error:
        text = logs.trace(error)
    assert "builtins.ValueError" in text
    assert "builtins.KeyError" in text
    assert "test_logs.py" in text
    assert "năm mươi" not in text.replace('raise KeyError("ba trăm năm mươi")', "")


def test_lines_of_one_cause_are_limited_and_the_others_are_counted(written, monkeypatch):
    logs.configure("INFO", "json", stream=written)
    log = structlog.get_logger("bot.x")
    for number in range(1000):
        log.error("not caught", number=number)
    log.info("another one")
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [one["event"] for one in lines] == ["not caught"] * 100 + ["another one"]
    monkeypatch.setattr(logs, "PERIOD", 0.0)
    log.info("later")
    lines = [json.loads(line) for line in written.getvalue().splitlines()][101:]
    assert lines[0]["lines"] == 900
    assert lines[0]["cause"] == "bot.x: not caught"
    assert lines[1]["event"] == "later"
