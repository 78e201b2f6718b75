"""The Bot API over HTTP: check the token, inject faults, check the parameters, make the call.

An error is an HTTP 200 with `ok: false`; only a 5xx error is also the HTTP status.
"""

import asyncio
import json
from collections.abc import Callable, Coroutine
from datetime import UTC
from email.utils import format_datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.simulator.cut_short import TruncatedResponse
from bot.simulator.refusal import ApiRefusal
from bot.simulator.zalo import sending, service
from bot.simulator.zalo.specification import METHODS, Parameters, check, wrong
from bot.simulator.zalo.world import World

Call = Callable[[World, Parameters], Coroutine[Any, Any, dict[str, Any] | None]]
CALLS: dict[str, Call] = {
    "getMe": service.get_me,
    "getUpdates": service.get_updates,
    "setWebhook": service.set_webhook,
    "deleteWebhook": service.delete_webhook,
    "getWebhookInfo": service.get_webhook_info,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendSticker": sending.send_sticker,
    "sendVoice": sending.send_voice,
    "sendChatAction": sending.send_chat_action,
}


async def call(world: World, request: Request) -> Response:
    """Answer one call of the Bot API, with the simulated time as its Date header."""
    answer = await _answer(world, request)
    answer.headers["Date"] = format_datetime(world.now().astimezone(UTC), usegmt=True)
    return answer


async def _answer(world: World, request: Request) -> Response:
    if request.path_params["token"] != world.token:
        return _refused(ApiRefusal(401, "Unauthorized"))
    method = request.path_params["method"]
    fault = world.faults.take(method) if method in METHODS else None
    if fault is None:
        return await _perform(world, method, request)
    if fault.delay:
        await asyncio.sleep(fault.delay)
    if fault.reset:
        return TruncatedResponse(fault.error)
    failed = ApiRefusal(fault.code or 500, fault.description)
    if fault.code is not None and not fault.lost:
        world.calls[method, fault.code] += 1
        return _refused(failed)
    answer = await _perform(world, method, request)
    if fault.page is not None:
        return HTMLResponse("<html>Please log in</html>", status_code=fault.page)
    if fault.lost:
        return TruncatedResponse(fault.error) if fault.code is None else _refused(failed)
    return answer


async def _perform(world: World, method: str, request: Request) -> Response:
    try:
        parameters = check(method, await _given(request))
        result = await _unless_gone(CALLS[method](world, parameters), request)
    except ApiRefusal as refusal:
        world.calls[method, refusal.code] += 1
        return _refused(refusal)
    world.calls[method, 200] += 1
    return JSONResponse({"ok": True} if result is None else {"ok": True, "result": result})


async def _unless_gone(
    call: Coroutine[Any, Any, dict[str, Any] | None], request: Request
) -> dict[str, Any] | None:
    """Return the call's result; cancel it when the bot disconnects, so that no event is lost."""
    work, disconnect = asyncio.ensure_future(call), asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait({work, disconnect}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise ApiRefusal(408, "Request timeout")
        return work.result()
    finally:
        for task in (work, disconnect):
            task.cancel()


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _given(request: Request) -> Parameters:
    """Return the parameters: from the address of a GET, from the JSON body of a POST."""
    if request.method == "GET":
        return dict(request.query_params)
    body = await request.body()
    try:
        given = json.loads(body) if body else {}
    except ValueError:
        raise wrong("the body is no JSON") from None
    if not isinstance(given, dict):
        raise wrong("the body is no JSON object")
    return given


def _refused(refusal: ApiRefusal) -> Response:
    status = refusal.code if refusal.code >= 500 else 200
    return JSONResponse(refusal.answer(), status_code=status)


async def download(world: World, request: Request) -> Response:
    """Return a file that somebody sent, until its address expires."""
    media = world.media.find(request.path_params["name"])
    if media is None:
        return Response(status_code=404)
    return Response(media.content, media_type=media.media_type)
