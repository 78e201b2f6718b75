"""Requests to the address of the bot: with the secret, without it, empty."""

import json

import pytest

from bot.zalo.webhook import SECRET_HEADER, read_request

SECRET = "secret-of-hook"
EVENT = {"event_name": "message.text.received", "message": {"chat": {"id": "1"}, "text": "x"}}
RIGHT = {SECRET_HEADER: SECRET}


@pytest.mark.parametrize("body", [EVENT, {"ok": True, "result": EVENT}])
def test_an_event_with_the_secret_is_accepted_bare_or_wrapped(body):
    heard = read_request(RIGHT, json.dumps(body).encode(), SECRET)
    assert (heard.status, heard.events) == (200, (EVENT,))


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: "another-secret"}, {SECRET_HEADER: ""},
                                     {SECRET_HEADER: "secret-of-höök"}])  # fmt: skip
def test_an_event_without_the_secret_gets_403(headers):
    heard = read_request(headers, json.dumps(EVENT).encode(), SECRET)
    assert (heard.status, heard.events) == (403, ())


@pytest.mark.parametrize("headers", [RIGHT, {}])
@pytest.mark.parametrize("body", [b"", b" \n", b"{}", b"null", b'{"ok": true}', b'"probe"', b"[]"])
def test_probes_and_empty_bodies_are_answered_and_change_nothing(headers, body):
    heard = read_request(headers, body, SECRET)
    assert (heard.status, heard.events) == (200, ())


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000])
def test_a_body_that_is_not_json_is_refused(body):
    assert read_request(RIGHT, body, SECRET).status == 400
    assert read_request({}, body, SECRET).status == 403
