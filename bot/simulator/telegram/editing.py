"""The API methods that edit or delete messages."""

from typing import Any

from bot.simulator.refusal import ApiRefusal, bad_request
from bot.simulator.telegram.keyboards import check_markup, offered_data
from bot.simulator.telegram.sending import (
    Parameters,
    Uploads,
    find_chat,
    media_body,
    open_chat,
    read_caption,
    read_text,
)
from bot.simulator.telegram.telephone import ChatMessage, Message, Telephone
from bot.simulator.telegram.world import World

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_DELETABLE_SECONDS = 48 * 3600
_MEDIA = ("photo", "document", "voice", "video", "sticker")


def edit_message_text(world: World, parameters: Parameters, _: Uploads) -> Message:
    """Answer a call of editMessageText."""
    if "text" not in parameters:
        raise bad_request("message text is empty")
    phone, entry = _editable(world, parameters)
    body = read_text(parameters)
    if "text" not in entry.message:
        raise bad_request("there is no text in the message to edit")
    return _replace(world, phone, entry, body, parameters)


def edit_message_caption(world: World, parameters: Parameters, _: Uploads) -> Message:
    """Answer a call of editMessageCaption."""
    phone, entry = _editable(world, parameters)
    body = read_caption(parameters)
    if "text" in entry.message:
        raise bad_request("there is no caption in the message to edit")
    kept = {key: entry.message[key] for key in _MEDIA if key in entry.message}
    return _replace(world, phone, entry, kept | body, parameters)


def edit_message_media(world: World, parameters: Parameters, uploads: Uploads) -> Message:
    """Answer a call of editMessageMedia."""
    phone, entry = _editable(world, parameters)
    body = media_body(world, parameters["media"], uploads)
    return _replace(world, phone, entry, body, parameters)


def edit_message_reply_markup(world: World, parameters: Parameters, _: Uploads) -> Message:
    """Answer a call of editMessageReplyMarkup."""
    phone, entry = _editable(world, parameters)
    return _replace(world, phone, entry, _content(entry.message), parameters)


def delete_message(world: World, parameters: Parameters, _: Uploads) -> bool:
    """Answer a call of deleteMessage."""
    phone = open_chat(world, parameters["chat_id"])
    entry = phone.entries.get(parameters["message_id"])
    if entry is None:
        raise bad_request("message to delete not found")
    if world.stamp() - entry.message["date"] > _DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    _remove(world, phone, entry)
    return True


def delete_messages(world: World, parameters: Parameters, _: Uploads) -> bool:
    """Answer a call of deleteMessages; skip messages that don't exist."""
    phone = open_chat(world, parameters["chat_id"])
    if not 1 <= len(parameters["message_ids"]) <= 100:
        raise bad_request("message identifiers are not specified")
    for number in parameters["message_ids"]:
        if (entry := phone.entries.get(number)) is not None:
            _remove(world, phone, entry)
    return True


def _remove(world: World, phone: Telephone, entry: ChatMessage) -> None:
    del phone.entries[entry.number]
    world.journal.add("delete", phone.id, message_id=entry.number)


def _editable(world: World, parameters: Parameters) -> tuple[Telephone, ChatMessage]:
    if "inline_message_id" in parameters:
        raise ApiRefusal(501, "Not Implemented: the simulator has no inline messages")
    if "chat_id" not in parameters:
        raise bad_request("chat_id is empty")
    find_chat(world, parameters["chat_id"])
    if not parameters.get("message_id"):
        raise bad_request("message identifier is not specified")
    phone = open_chat(world, parameters["chat_id"])
    entry = phone.entries.get(parameters["message_id"])
    if entry is None:
        raise bad_request("message to edit not found")
    if entry.mine:
        raise bad_request("message can't be edited")
    return phone, entry


def _content(message: Message) -> dict[str, Any]:
    frame = {"message_id", "from", "chat", "date", "edit_date", "reply_markup", "reply_to_message"}
    return {key: value for key, value in message.items() if key not in frame}


def _replace(
    world: World, phone: Telephone, entry: ChatMessage, body: dict[str, Any], parameters: Parameters
) -> Message:
    keyboard = check_markup(parameters.get("reply_markup"))
    old = entry.message
    kept = {key: old[key] for key in ("media_group_id", "has_protected_content") if key in old}
    body = kept | body
    if body == _content(old) and keyboard == old.get("reply_markup"):
        raise bad_request(_NOT_MODIFIED)
    frame = {key: old[key] for key in ("message_id", "from", "chat", "date")}
    if "reply_to_message" in old:
        frame["reply_to_message"] = old["reply_to_message"]
    message: Message = {**frame, "edit_date": world.stamp(), **body}
    if keyboard is not None:
        message["reply_markup"] = keyboard
    # Assign a new object, because updates and answers share the old one.
    entry.message = message
    # A person doesn't see "edited" when only the buttons change.
    entry.edited = entry.edited or body != _content(old)
    entry.offered |= offered_data(keyboard)
    world.journal.add("edit", phone.id, **entry.described())
    return message
