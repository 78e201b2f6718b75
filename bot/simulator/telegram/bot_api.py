"""The Bot API over HTTP: check the token, decode the request, inject faults, make the call."""

import asyncio
import inspect
import json
from collections.abc import Callable, Mapping
from datetime import UTC
from email.utils import format_datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.simulator.cut_short import TruncatedResponse
from bot.simulator.faults import Fault
from bot.simulator.refusal import ApiRefusal, bad_request
from bot.simulator.telegram import editing, sending, service
from bot.simulator.telegram.sending import Upload
from bot.simulator.telegram.specification import check, resolve_method
from bot.simulator.telegram.world import World

Method = Callable[[World, dict[str, Any], Mapping[str, Upload]], Any]


def _setter(name: str) -> Method:
    return lambda world, parameters, _: service.set_text(world, name, parameters)


def _getter(name: str) -> Method:
    return lambda world, parameters, _: service.get_text(world, name, parameters)


METHODS: dict[str, Method] = {
    "getMe": service.get_me,
    "getUpdates": service.get_updates,
    "setWebhook": service.set_webhook,
    "deleteWebhook": service.delete_webhook,
    "getWebhookInfo": service.get_webhook_info,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendMediaGroup": sending.send_media_group,
    "sendChatAction": service.send_chat_action,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageMedia": editing.edit_message_media,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "answerCallbackQuery": service.answer_callback_query,
    "getFile": service.get_file,
    "getChat": service.get_chat,
    "setMyCommands": service.set_my_commands,
    "getMyCommands": service.get_my_commands,
    "deleteMyCommands": service.delete_my_commands,
    "setChatMenuButton": service.set_chat_menu_button,
    "getChatMenuButton": service.get_chat_menu_button,
    "setMyName": _setter("name"),
    "getMyName": _getter("name"),
    "setMyDescription": _setter("description"),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description"),
    "getMyShortDescription": _getter("short_description"),
}


async def call(world: World, request: Request) -> Response:
    """Answer one call of the Bot API, with the simulated time as its Date header."""
    answer = await _answer(world, request)
    answer.headers["Date"] = format_datetime(world.now().astimezone(UTC), usegmt=True)
    return answer


async def _answer(world: World, request: Request) -> Response:
    if request.path_params["token"] != world.token:
        return _refused(ApiRefusal(401, "Unauthorized"))
    try:
        method = resolve_method(request.path_params["method"])
    except ApiRefusal as refusal:
        return _refused(refusal)
    size = int(request.headers.get("content-length", 0))
    fault = world.faults.take(method)
    if fault is not None:
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.reset:
            world.record(method, None, size, 0)
            return TruncatedResponse(fault.error)
        if fault.code is not None and not fault.lost:
            world.record(method, None, size, fault.code)
            return _refused(_fault_refusal(fault))
    answer = await _perform(world, method, request, size)
    if fault is not None and fault.page is not None:
        return HTMLResponse("<html>Please log in</html>", status_code=fault.page)
    if fault is not None and fault.lost:
        return (
            TruncatedResponse(fault.error)
            if fault.code is None
            else _refused(_fault_refusal(fault))
        )
    return answer


async def download(world: World, request: Request) -> Response:
    """Return a file by the path that getFile returned."""
    file = world.files.at(request.path_params["path"])
    if request.path_params["token"] != world.token or file is None:
        return _refused(ApiRefusal(404, "Not Found"))
    return Response(file.content, media_type="application/octet-stream")


async def _perform(world: World, method: str, request: Request, size: int) -> Response:
    chat: int | None = None
    try:
        given, uploads = await read_body(request)
        parameters = check(method, given, frozenset(uploads))
        chat_id = parameters.get("chat_id")
        # The type "Integer|String" prefers numbers, so digits in a form became a number.
        chat = chat_id if isinstance(chat_id, int) else None
        result = METHODS[method](world, parameters, uploads)
        if inspect.isawaitable(result):
            result = await result
    except ApiRefusal as refusal:
        world.record(method, chat, size, refusal.code)
        return _refused(refusal)
    world.record(method, chat, size, 200)
    return JSONResponse({"ok": True, "result": result})


async def read_body(request: Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Return the parameters from address and body, and the uploaded files."""
    given: dict[str, Any] = dict(request.query_params)
    uploads: dict[str, Upload] = {}
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "application/json":
        body = await request.body()
        try:
            read = json.loads(body) if body else {}
        except ValueError as error:
            raise bad_request("can't parse JSON object") from error
        if not isinstance(read, dict):
            raise bad_request("can't parse JSON object")
        given |= read
    elif kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        async with request.form(max_part_size=64 * 1024 * 1024) as form:
            for name, value in form.multi_items():
                if isinstance(value, str):
                    given[name] = value
                else:
                    uploads[name] = Upload(
                        value.filename or name, value.content_type, await value.read()
                    )
    return given, uploads


def _fault_refusal(fault: Fault) -> ApiRefusal:
    return ApiRefusal(fault.code or 500, fault.description, fault.retry_after)


def _refused(refusal: ApiRefusal) -> Response:
    headers = {"retry-after": str(refusal.retry_after)} if refusal.retry_after else None
    return JSONResponse(refusal.answer(), status_code=refusal.code, headers=headers)
