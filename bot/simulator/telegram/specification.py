"""Validates calls against the Bot API specification: methods, parameters and types.

`botapi.json` is a compact copy of the machine-readable Bot API ("Integer|String!": a required
field, "='photo'": a constant). The check is stricter than Telegram's: it refuses what Telegram
would ignore.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from bot.simulator.refusal import ApiRefusal, bad_request

Fields = dict[str, str]
Json = Any  # any JSON value

_SOURCE = json.loads((Path(__file__).parent / "botapi.json").read_text(encoding="utf-8"))
METHODS: dict[str, Fields] = _SOURCE["methods"]
TYPES: dict[str, Any] = _SOURCE["types"]
MESSAGE: Fields = _SOURCE["message"]
VERSION: str = _SOURCE["version"]
_BY_LOWER = {name.lower(): name for name in METHODS}
_MISSING = {name.lower(): name for name in _SOURCE["missing"]}

# Telegram's error texts for missing parameters.
_EMPTY = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "media": "object expected as media",
    "message_id": "message identifier is not specified",
    "action": 'parameter "action" is required',
    "file_id": "file_id is not specified",
    "commands": 'parameter "commands" is required',
}


class MismatchError(ValueError):
    """The value doesn't have the Bot API's type; the message says where and why."""


def resolve_method(name: str) -> str:
    """Return the method's exact name; raise Telegram's 404 for an unknown one.

    Like Telegram it ignores the case.
    """
    lower = name.lower()
    if lower in _BY_LOWER:
        return _BY_LOWER[lower]
    if lower in _MISSING:
        raise ApiRefusal(
            501, f"Not Implemented: the simulator does not have the method {_MISSING[lower]}"
        )
    raise ApiRefusal(404, "Not Found")


def check(method: str, given: dict[str, Any], uploads: frozenset[str]) -> dict[str, Any]:
    """Return the parameters in their types; refuse unknown, missing and wrongly typed ones."""
    fields = METHODS[method]
    for name in (*given, *uploads):
        if name not in fields and not (name in uploads and _attached(name, given)):
            raise bad_request(f'the method {method} has no parameter "{name}"')
    checked: dict[str, Any] = {}
    for name, notation in fields.items():
        if name in uploads:
            if "InputFile" not in notation:
                raise bad_request(f'parameter "{name}" of {method} takes no file')
            checked[name] = f"attach://{name}"
        elif name in given and given[name] is not None:
            try:
                checked[name] = _read(notation, given[name], name)
            except MismatchError as mismatch:
                raise bad_request(f"{mismatch} (method {method})") from mismatch
        elif notation.endswith("!"):
            raise bad_request(_EMPTY.get(name, f'parameter "{name}" is required'))
    return checked


def _attached(name: str, given: dict[str, Any]) -> bool:
    return any(f"attach://{name}" in str(value) for value in given.values())


@cache
def _alternatives(notation: str) -> tuple[str, ...]:
    """Return the types in "A|B|(C|D)[]!", without the mark of a required field."""
    found, depth, current = [], 0, ""
    for sign in notation.removesuffix("!"):
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and depth == 0:
            found.append(current)
            current = ""
        else:
            current += sign
    return (*found, current)


def _read(notation: str, value: Json, where: str) -> Json:
    problems = []
    for alternative in _alternatives(notation):
        try:
            return _read_one(alternative, value, where)
        except MismatchError as mismatch:
            problems.append(str(mismatch))
    # The most specific problem is the one at the deepest level.
    raise MismatchError(max(problems, key=lambda text: text.count(".")))


def _read_one(kind: str, value: Json, where: str) -> Json:
    if kind in _SCALARS:
        return _SCALARS[kind](value, where)
    if kind.startswith("='"):
        if value != kind[2:-1]:
            raise MismatchError(f'field "{where}" must be "{kind[2:-1]}"')
        return value
    if isinstance(value, str):
        value = _parse_json(value, where)
    if kind.endswith("[]"):
        if not isinstance(value, list):
            raise MismatchError(f"expected an Array as {where}")
        inner = kind[:-2].removeprefix("(").removesuffix(")")
        return [_read(inner, item, f"{where}.{place}") for place, item in enumerate(value)]
    return _read_object(kind, value, where)


def _read_object(kind: str, value: Json, where: str) -> Json:
    if not isinstance(value, dict):
        raise MismatchError(f"object expected as {where}")
    fields = TYPES.get(kind)
    if fields is None:
        raise MismatchError(f"the simulator does not have the type {kind} ({where})")
    if "|" in fields:
        return _read("|".join(fields["|"]), value, where)
    for name in value:
        if name not in fields:
            raise MismatchError(f'{kind} has no field "{name}" ({where})')
    read = {}
    for name, notation in fields.items():
        if value.get(name) is not None:
            read[name] = _read(notation, value[name], f"{where}.{name}")
        elif notation.endswith("!"):
            raise MismatchError(f'can\'t find field "{name}" of {kind} ({where})')
    return read


def _parse_json(text: str, where: str) -> Json:
    try:
        return json.loads(text)
    except ValueError as error:
        raise MismatchError(f"can't parse {where} JSON object") from error


def _integer(value: Json, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise MismatchError(f"{where} must be an Integer")
    try:
        return int(value)
    except ValueError as error:
        raise MismatchError(f"{where} must be an Integer") from error


def _float(value: Json, where: str) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise MismatchError(f"{where} must be a Float") from error


def _boolean(value: Json, where: str) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in {"true", "yes", "1"}:
        return True
    if text in {"false", "no", "0", ""}:
        return False
    raise MismatchError(f"{where} must be a Boolean")


def _string(value: Json, where: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise MismatchError(f"{where} must be a String")


def _file(value: Json, where: str) -> str:
    if isinstance(value, str):
        return value
    raise MismatchError(f"{where} must be a file")


_SCALARS = {
    "Integer": _integer,
    "Float": _float,
    "Boolean": _boolean,
    "True": _boolean,
    "String": _string,
    "InputFile": _file,
}
