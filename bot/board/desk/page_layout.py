"""The parts around a page of the desk: links to its other pages, and the note above it."""

import base64
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from bot.board.desk.screen_pages import desk_links
from bot.board.desk.signed_state import Note
from bot.board.pages import PageRequest
from bot.sending.exporting import ExportFile
from handlers.flow.channel import Shown
from handlers.flow.press import Press, unpack
from handlers.joining.qr import qr_drawing
from handlers.review.screens import accept, accept_all, way_back
from handlers.texts import Html

_OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = {
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
}


def link_tabs(request: PageRequest, commune_id: int | None) -> list[tuple[str, str, bool]]:
    """Return the tabs that lead to the desk's pages: caption, path, whether it is the present one.

    `commune_id` is the commune of the round that the page is about; None for other pages.
    """
    here = request.context.here.action
    return [
        (request.texts.say(caption), request.link_to(press), press.action == here)
        for caption, press, always in desk_links(request.context, commune_id)
        if always or commune_id is None
    ]


def note_fields(
    request: PageRequest, note: Note | None, messages: Sequence[Shown], files: Sequence[ExportFile]
) -> dict[str, Any]:
    """Return the template's fields of a note, its undo button, messages and files.

    The page contains a file as a data URL, so that no server stores the codes in it.
    """
    undo = unpack(note.undo) if note is not None and note.undo else None
    return {
        "note": Html(note.text) if note is not None else "",
        "undo": request.link_to(undo) if undo is not None else "",
        "messages": [
            (Html(one.screen.text), qr_drawing(one.picture.link) if one.picture else "")
            for one in messages
        ],
        "files": [(one.name, _data_url(one)) for one in files],
    }


def _data_url(file: ExportFile) -> str:
    media_type = MEDIA_TYPES[PurePath(file.name).suffix]
    return f"data:{media_type};base64,{base64.b64encode(file.content).decode()}"


def undo_of(request: PageRequest, press: Press) -> str:
    """Return the address that undoes an acceptance of reports; empty for any other press."""
    route = next((one for one in (accept, accept_all) if press.action in one.keys), None)
    loaded = route.load(request.context, press) if route is not None else None
    if loaded is None:
        return ""
    round_ = loaded["round"] if "round" in loaded else loaded["view"].round
    back = way_back(request.context, round_)
    return back.data if back is not None else ""


def address_of(press: Press) -> str:
    """Return the path of a press below "/b/"."""
    return "/".join(one.replace("/", "~") for one in (press.action, *press.arguments))
