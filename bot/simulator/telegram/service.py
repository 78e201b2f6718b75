"""The API methods for everything but messages: getMe, updates, webhook, presses, files, menus."""

import re
from typing import Any
from urllib.parse import urlsplit

from bot.simulator.files import MAX_DOWNLOAD
from bot.simulator.refusal import bad_request
from bot.simulator.telegram.sending import Parameters, Uploads, find_chat, open_chat
from bot.simulator.telegram.world import QUERY_LIFETIME, World

_ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def get_me(world: World, _: Parameters, __: Uploads) -> dict[str, Any]:
    """Answer a call of getMe."""
    return {
        **world.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(world: World, parameters: Parameters, _: Uploads) -> list[dict[str, Any]]:
    """Answer a call of getUpdates (long polling); a second waiting call ends the first one."""
    if world.webhook.url:
        await world.updates.refuse(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
    if "allowed_updates" in parameters:
        world.updates.allowed = frozenset(parameters["allowed_updates"])
    return await world.updates.poll(
        parameters.get("offset", 0), parameters.get("limit", 100), parameters.get("timeout", 0)
    )


def set_webhook(world: World, parameters: Parameters, _: Uploads) -> bool:
    """Answer a call of setWebhook; accept plain http for addresses of this machine."""
    url, secret = parameters["url"], parameters.get("secret_token")
    if not url:
        return delete_webhook(world, parameters, _)
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise bad_request("secret token contains illegal symbols")
    world.webhook.url, world.webhook.secret = url, secret
    world.webhook.max_connections = parameters.get("max_connections", 40)
    world.webhook.last_error = None
    if "allowed_updates" in parameters:
        world.updates.allowed = frozenset(parameters["allowed_updates"])
        world.webhook.allowed = parameters["allowed_updates"]
    if parameters.get("drop_pending_updates"):
        world.updates.drop()
    world.updates.end_poll("terminated by setWebhook request")
    return True


def delete_webhook(world: World, parameters: Parameters, _: Uploads) -> bool:
    """Answer a call of deleteWebhook."""
    world.webhook.url, world.webhook.secret = "", None
    if parameters.get("drop_pending_updates"):
        world.updates.drop()
    world.bell.ring()
    return True


def get_webhook_info(world: World, _: Parameters, __: Uploads) -> dict[str, Any]:
    """Answer a call of getWebhookInfo."""
    return world.webhook.described(world.updates.pending())


def answer_callback_query(world: World, parameters: Parameters, _: Uploads) -> bool:
    """Answer a call of answerCallbackQuery; refuse a second answer and a late one."""
    query = world.queries.pop(parameters["callback_query_id"], None)
    if query is None or world.now() - query.at > QUERY_LIFETIME:
        raise bad_request(_TOO_OLD)
    text = parameters.get("text", "")
    if len(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    world.journal.add("answered", query.phone)
    if text:
        world.journal.add("toast", query.phone, text=text, alert=bool(parameters.get("show_alert")))
    return True


def send_chat_action(world: World, parameters: Parameters, _: Uploads) -> bool:
    """Answer a call of sendChatAction."""
    phone = open_chat(world, parameters["chat_id"])
    if parameters["action"] not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.journal.add("typing", phone.id, action=parameters["action"])
    return True


def get_file(world: World, parameters: Parameters, _: Uploads) -> dict[str, Any]:
    """Answer a call of getFile."""
    file = world.files.find(parameters["file_id"])
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(file.content) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {**file.described(), "file_path": file.path}


def get_chat(world: World, parameters: Parameters, _: Uploads) -> dict[str, Any]:
    """Answer a call of getChat."""
    phone = find_chat(world, parameters["chat_id"])
    return {**phone.chat(), "accent_color_id": 0, "max_reaction_count": 11}


def set_my_commands(world: World, parameters: Parameters, _: Uploads) -> bool:
    """Answer a call of setMyCommands."""
    commands = parameters["commands"]
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"].removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"].strip()) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    cleaned = [{**one, "command": one["command"].removeprefix("/")} for one in commands]
    _put_commands(world, parameters, cleaned)
    return True


def delete_my_commands(world: World, parameters: Parameters, _: Uploads) -> bool:
    """Answer a call of deleteMyCommands."""
    _put_commands(world, parameters, [])
    return True


def get_my_commands(world: World, parameters: Parameters, _: Uploads) -> list[dict[str, str]]:
    """Answer a call of getMyCommands."""
    return world.menus.commands(parameters.get("scope"), parameters.get("language_code", ""))


def _put_commands(world: World, parameters: Parameters, commands: list[dict[str, str]]) -> None:
    scope, language = parameters.get("scope"), parameters.get("language_code", "")
    chats = list(world.phones.values())
    if scope is not None and "chat_id" in scope:
        chats = [find_chat(world, scope["chat_id"])]
    world.menus.set_commands(scope, language, commands)
    for phone in chats:
        note_menu(world, phone.id)


def note_menu(world: World, chat: int) -> None:
    """Tell the page which menu a chat shows now."""
    world.journal.add("commands", chat, **described_menu(world, chat))


def described_menu(world: World, chat: int) -> dict[str, Any]:
    """Return `commands` and `menu` of a chat."""
    phone = world.phone(chat)
    return {
        "commands": world.menus.commands_for(chat, phone.language),
        "menu": world.menus.button(chat),
    }


def set_chat_menu_button(world: World, parameters: Parameters, _: Uploads) -> bool:
    """Answer a call of setChatMenuButton."""
    chat = parameters.get("chat_id")
    chats = list(world.phones) if chat is None else [find_chat(world, chat).id]
    world.menus.set_button(chat, parameters.get("menu_button"))
    for number in chats:
        note_menu(world, number)
    return True


def get_chat_menu_button(world: World, parameters: Parameters, _: Uploads) -> dict[str, Any]:
    """Answer a call of getChatMenuButton."""
    return world.menus.button(parameters.get("chat_id"))


def set_text(world: World, name: str, parameters: Parameters) -> bool:
    """Answer a call of setMyName, setMyDescription or setMyShortDescription."""
    limit = {"name": 64, "description": 512, "short_description": 120}[name]
    text = parameters.get(name, "")
    if len(text) > limit:
        raise bad_request(f"bot {name.replace('_', ' ')} is too long")
    world.menus.texts[name, parameters.get("language_code", "")] = text
    return True


def get_text(world: World, name: str, parameters: Parameters) -> dict[str, str]:
    """Answer a call of getMyName, getMyDescription or getMyShortDescription."""
    language = parameters.get("language_code", "")
    texts = world.menus.texts
    return {name: texts.get((name, language)) or texts.get((name, ""), "")}
