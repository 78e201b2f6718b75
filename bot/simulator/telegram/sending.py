"""The API methods that send messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.simulator.files import MAX_UPLOAD, SimulatedFile
from bot.simulator.formatting import find_entities, parse_text
from bot.simulator.refusal import ApiRefusal, bad_request, forbidden
from bot.simulator.telegram.keyboards import check_markup, offered_data
from bot.simulator.telegram.telephone import ChatMessage, Message, Telephone
from bot.simulator.telegram.world import MAX_CAPTION, MAX_TEXT, World

Parameters = dict[str, Any]
_WRONG_FILE = "wrong file identifier/HTTP URL specified"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a multipart request."""

    name: str
    media_type: str | None
    content: bytes


Uploads = Mapping[str, Upload]


def find_chat(world: World, chat_id: int | str) -> Telephone:
    """Return the chat, whether or not the bot may write there; refuse an unknown one."""
    if chat_id == "":
        raise bad_request("chat_id is empty")
    phone = world.phones.get(chat_id) if isinstance(chat_id, int) else None
    if phone is None:
        raise bad_request("chat not found")
    return phone


def open_chat(world: World, chat_id: int | str) -> Telephone:
    """Return the chat to write to; refuse one that never started the bot or has blocked it."""
    phone = find_chat(world, chat_id)
    if phone.blocked:
        raise forbidden("bot was blocked by the user")
    if not phone.started:
        raise forbidden("bot can't initiate conversation with a user")
    return phone


def read_text(parameters: Parameters) -> dict[str, Any]:
    """Return `text` and `entities` of a text message."""
    source = parameters["text"]
    if not source:
        raise bad_request("message text is empty")
    text, entities = parse_text(source, parameters.get("parse_mode"), parameters.get("entities"))
    if not text:
        raise bad_request("text must be non-empty")
    if len(text) > MAX_TEXT:
        raise bad_request("message is too long")
    body: dict[str, Any] = {"text": text}
    if found := find_entities(text, entities):
        body["entities"] = found
    if preview := parameters.get("link_preview_options"):
        body["link_preview_options"] = preview
    return body


def read_caption(parameters: Parameters) -> dict[str, Any]:
    """Return `caption` and `caption_entities`; nothing without a caption."""
    text, entities = parse_text(
        parameters.get("caption") or "",
        parameters.get("parse_mode"),
        parameters.get("caption_entities"),
    )
    if len(text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    if not text:
        return {}
    found = find_entities(text, entities)
    return {"caption": text, **({"caption_entities": found} if found else {})}


def send_message(world: World, parameters: Parameters, _: Uploads) -> Message:
    """Answer a call of sendMessage."""
    phone = open_chat(world, parameters["chat_id"])
    return _post(world, phone, read_text(parameters), parameters)


def send_photo(world: World, parameters: Parameters, uploads: Uploads) -> Message:
    """Answer a call of sendPhoto."""
    phone = open_chat(world, parameters["chat_id"])
    body = photo_body(world, parameters["photo"], uploads) | read_caption(parameters)
    return _post(world, phone, body, parameters)


def send_document(world: World, parameters: Parameters, uploads: Uploads) -> Message:
    """Answer a call of sendDocument."""
    phone = open_chat(world, parameters["chat_id"])
    body = document_body(world, parameters["document"], uploads) | read_caption(parameters)
    return _post(world, phone, body, parameters)


def send_media_group(world: World, parameters: Parameters, uploads: Uploads) -> list[Message]:
    """Answer a call of sendMediaGroup, for photos or documents."""
    phone = open_chat(world, parameters["chat_id"])
    media = parameters["media"]
    if not 2 <= len(media) <= 10:
        raise bad_request("wrong number of messages in the album; expected from 2 to 10 messages")
    if len({item["type"] for item in media}) > 1:
        raise bad_request("documents can't be mixed with other media types")
    bodies = [media_body(world, item, uploads) for item in media]
    group = str(13_000_000_000_000_000 + phone.id * 1000 + phone.next_message)
    return [_post(world, phone, {"media_group_id": group, **body}, parameters) for body in bodies]


def media_body(world: World, item: dict[str, Any], uploads: Uploads) -> dict[str, Any]:
    """Return the message body of an InputMedia object."""
    if item["type"] == "photo":
        return photo_body(world, item["media"], uploads) | read_caption(item)
    if item["type"] == "document":
        return document_body(world, item["media"], uploads) | read_caption(item)
    raise ApiRefusal(501, f"Not Implemented: the simulator does not take media {item['type']}")


def photo_body(world: World, reference: str, uploads: Uploads) -> dict[str, Any]:
    """Return `photo` with its sizes, from an upload or a stored file."""
    upload = _uploaded(reference, uploads)
    content = upload.content if upload else _known(world, reference, "photo").content
    return {"photo": world.files.photo_sizes(content)}


def document_body(world: World, reference: str, uploads: Uploads) -> dict[str, Any]:
    """Return `document`, from an upload or a stored file."""
    upload = _uploaded(reference, uploads)
    if upload is None:
        file = _known(world, reference, "document")
    else:
        file = world.files.add("document", upload.content, upload.name, upload.media_type)
    named = {"file_name": file.name, "mime_type": file.media_type}
    return {"document": {**file.described(), **{key: val for key, val in named.items() if val}}}


def _uploaded(reference: str, uploads: Uploads) -> Upload | None:
    if not reference.startswith("attach://"):
        return None
    upload = uploads.get(reference.removeprefix("attach://"))
    if upload is None:
        raise bad_request(_WRONG_FILE)
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > MAX_UPLOAD:
        raise ApiRefusal(413, "Request Entity Too Large")
    return upload


def _known(world: World, file_id: str, kind: str) -> SimulatedFile:
    file = world.files.find(file_id)
    if file is None:
        raise bad_request(_WRONG_FILE)
    if file.kind != kind:
        raise bad_request(f"can't use file of type {file.kind.capitalize()} as {kind.capitalize()}")
    return file


def _post(world: World, phone: Telephone, body: dict[str, Any], parameters: Parameters) -> Message:
    keyboard = check_markup(parameters.get("reply_markup"))
    reply = _replied(phone, parameters.get("reply_parameters"))
    world.floods.check(phone.id)
    if reply is not None:
        body = {"reply_to_message": reply, **body}
    if (topic := parameters.get("message_thread_id")) is not None:
        body = {"message_thread_id": topic, "is_topic_message": True, **body}
    if parameters.get("protect_content"):
        body["has_protected_content"] = True
    if keyboard is not None:
        body["reply_markup"] = keyboard
    entry = world.put(phone, world.bot, body, mine=False)
    entry.offered |= offered_data(keyboard)
    return entry.message


def _replied(phone: Telephone, reply: dict[str, Any] | None) -> Message | None:
    if reply is None or "message_id" not in reply:
        return None
    entry: ChatMessage | None = phone.entries.get(reply["message_id"])
    if entry is None:
        if reply.get("allow_sending_without_reply"):
            return None
        raise bad_request("message to be replied not found")
    return {key: value for key, value in entry.message.items() if key != "reply_to_message"}
