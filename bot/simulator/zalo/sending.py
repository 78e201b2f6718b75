"""The API methods that write to a chat."""

from typing import Any
from urllib.parse import urlsplit

from bot.simulator.files import measure_image
from bot.simulator.formatting import parse_html
from bot.simulator.refusal import ApiRefusal
from bot.simulator.zalo.addresses import check_public
from bot.simulator.zalo.specification import Parameters, check_text, wrong
from bot.simulator.zalo.telephone import Message
from bot.simulator.zalo.web import NotReached
from bot.simulator.zalo.world import World

_STYLES = {"bold", "italic", "underline", "strikethrough"}
_ACTIONS = {"typing"}  # Zalo has only announced "upload_photo"


async def send_message(world: World, parameters: Parameters) -> Message:
    """Answer a call of sendMessage."""
    chat = world.chat_to_write_to(parameters["chat_id"])
    text = parameters["text"]
    check_text("text", text)
    if "text_styles" in parameters and "parse_mode" in parameters:
        raise wrong("a message has either parse_mode or text_styles")
    body = {"text": _shown(text, parameters.get("parse_mode"))}
    return _answer(world.put(chat, body))


async def send_photo(world: World, parameters: Parameters) -> Message:
    """Answer a call of sendPhoto; fetch the picture from its address at once."""
    chat = world.chat_to_write_to(parameters["chat_id"])
    caption = {}
    if "caption" in parameters:
        check_text("caption", parameters["caption"])
        caption = {"caption": parameters["caption"]}
    url = parameters["photo"]
    check_public("photo", url, loopback=world.loopback, https_only=False)
    try:
        fetched = await world.web.get(url)
    except NotReached as reason:
        raise wrong(f"photo can't be fetched: {reason}") from None
    if fetched.status != 200:
        raise wrong(f"photo can't be fetched: its address answers {fetched.status}")
    if measure_image(fetched.content) is None:
        raise wrong("photo is no picture")
    return _answer(world.put(chat, {"photo": url, **caption}, fetched.content))


async def send_sticker(world: World, parameters: Parameters) -> Message:
    """Answer a call of sendSticker."""
    chat = world.chat_to_write_to(parameters["chat_id"])
    return _answer(world.put(chat, {"sticker": parameters["sticker"]}))


async def send_voice(world: World, parameters: Parameters) -> Message:
    """Answer a call of sendVoice."""
    chat = world.chat_to_write_to(parameters["chat_id"])
    url = parameters["voice_url"]
    check_public("voice_url", url, loopback=world.loopback, https_only=False)
    if not urlsplit(url).path.endswith(".aac"):
        raise wrong("voice_url must lead to an .aac file")
    return _answer(world.put(chat, {"voice_url": url}))


async def send_chat_action(world: World, parameters: Parameters) -> None:
    """Answer a call of sendChatAction, without a result."""
    chat = world.chat_to_write_to(parameters["chat_id"])
    if parameters["action"] not in _ACTIONS:
        raise wrong(f"there is no action {parameters['action']}")
    chat.typing += 1
    world.bell.ring()


def _answer(message: Message) -> dict[str, Any]:
    return {"message_id": message["message_id"], "date": message["date"]}


def _shown(text: str, parse_mode: str | None) -> str:
    """Return the text as a telephone shows it. Markdown stays: nobody has documented its rules."""
    if parse_mode not in {None, "markdown", "html"}:
        raise wrong("parse_mode must be markdown or html")
    if parse_mode != "html":
        return text
    try:
        plain, entities = parse_html(text)
    except ApiRefusal:
        raise wrong("text is no right html") from None
    for entity in entities:
        if entity["type"] not in _STYLES:
            raise wrong(f"it isn't known that html can be {entity['type']}")
    return plain
