"""Telegram messages other than plain text: service messages, and rich text in blocks.

tests/bot/test_any_update.py checks this module against each field of Message in the specification.
"""

from collections.abc import Iterable, Iterator
from typing import Any

# Service messages: Telegram creates them after an action in the chat; nobody expects a reply.
SERVICE = frozenset(
    (
        "boost_added", "channel_chat_created", "chat_background_set", "chat_owner_changed",
        "chat_owner_left", "chat_shared", "checklist_tasks_added", "checklist_tasks_done",
        "community_chat_added", "community_chat_joined", "community_chat_removed",
        "connected_website", "delete_chat_photo", "direct_message_price_changed",
        "forum_topic_closed", "forum_topic_created", "forum_topic_edited", "forum_topic_reopened",
        "general_forum_topic_hidden", "general_forum_topic_unhidden", "gift", "gift_upgrade_sent",
        "giveaway_completed", "giveaway_created", "group_chat_created", "left_chat_member",
        "managed_bot_created", "message_auto_delete_timer_changed", "migrate_from_chat_id",
        "migrate_to_chat_id", "new_chat_members", "new_chat_photo", "new_chat_title",
        "paid_message_price_changed", "pinned_message", "poll_option_added",
        "poll_option_deleted", "proximity_alert_triggered", "refunded_payment",
        "successful_payment", "suggested_post_approval_failed", "suggested_post_approved",
        "suggested_post_declined", "suggested_post_paid", "suggested_post_refunded",
        "supergroup_chat_created", "unique_gift", "users_shared", "video_chat_ended",
        "video_chat_participants_invited", "video_chat_scheduled", "video_chat_started",
        "web_app_data", "write_access_allowed",
    )
)  # fmt: skip
PLACES = ("location", "venue")
DEEPEST = 20  # levels of nested blocks; nobody writes more


def text_of_blocks(message: object) -> str:
    """Return the text of a rich message (a pasted list or table), one line for an item or row."""
    blocks = message.get("blocks") if isinstance(message, dict) else None
    lines = (line.strip() for line in _lines(blocks, DEEPEST))
    return "\n".join(line for line in lines if line)


def _lines(blocks: object, depth: int) -> Iterator[str]:
    for block in blocks if isinstance(blocks, list) and depth else ():
        if isinstance(block, dict):
            yield from _of_block(block, depth - 1)


def _of_block(block: dict[str, Any], depth: int) -> Iterator[str]:
    for name in ("summary", "text", "expression"):
        yield from _plain(block.get(name), depth).splitlines()
    for item in _dicts(block.get("items")):
        first, *others = [*_lines(item.get("blocks"), depth)] or [""]
        yield f"{_plain(item.get('label'), depth)} {first}"
        yield from others
    for row in block["cells"] if isinstance(block.get("cells"), list) else ():
        cells = [_plain(cell.get("text"), depth).strip() for cell in _dicts(row)]
        head, *rest = [cell for cell in cells if cell] or [""]
        yield f"{head}: {', '.join(rest)}" if rest else head
    yield from _lines(block.get("blocks"), depth)
    for name in ("caption", "credit"):  # a caption is a rich text, or contains one
        yield _plain(block.get(name), depth)


def _dicts(value: object) -> Iterable[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else ()


def _plain(text: object, depth: int) -> str:
    """Return a rich text without its formatting."""
    if isinstance(text, str):
        return text
    if isinstance(text, list) and depth:
        return "".join(_plain(one, depth - 1) for one in text)
    if isinstance(text, dict) and depth:
        inner = next((text[n] for n in ("text", "expression", "alternative_text") if n in text), "")
        return _plain(inner, depth - 1)
    return ""
