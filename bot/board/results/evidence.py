"""The evidence of a report: what there is, and the pictures and files themselves."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from bot.board.http.responses import Web
from bot.board.pages import Looking
from bot.board.sign_in import session_of
from bot.signed_urls.route import MEDIA_TYPES
from handlers.flow.press import Press, packed
from handlers.review.evidence import in_progress, named_pieces
from storage.evidence import evidence
from storage.evidence.evidence import Evidence
from storage.evidence.evidence_files import path_of
from storage.reports.reports import Report

FILES = "/evidence/"
_PICTURES = {"image/png", "image/jpeg", "image/webp"}
_ENDINGS = {kind: ending for ending, kind in MEDIA_TYPES.items()}
_SHEET = "phieu-giay"  # how a photo of the whole paper sheet is saved
_SAVED = {"Content-Security-Policy": "default-src 'none'; sandbox"}


def pieces_of(looking: Looking, report: Report) -> list[dict[str, Any]]:
    """What stands beside the answers: a line each, and where the picture, file or link leads.

    They are numbered and not named: what the sender called a file may name somebody.
    """
    if named_pieces.load(looking.context, named_pieces.at(report.id)) is None:
        return []
    pieces = evidence.evidence_of(looking.context.tx, report.id)
    return [
        {
            "line": looking.texts.say(
                f"board.evidence.{'coming' if in_progress(one) else one.kind}",
                number=_number(pieces, one),
            ),
            "code": one.indicator,
            "link": _link(looking, report, one),
            "elsewhere": one.kind == "link",
            "picture": (one.media_type or "") in _PICTURES,
        }
        for one in pieces
    ]


def _number(pieces: Sequence[Evidence], piece: Evidence) -> int:
    """Its number among those of its question, from 1."""
    return [one.id for one in pieces if one.indicator == piece.indicator].index(piece.id) + 1


def _link(looking: Looking, report: Report, one: Evidence) -> str:
    if one.kind == "link":
        return one.link if one.link and one.link.startswith(("https://", "http://")) else ""
    if one.path is None:
        return ""
    return f"{looking.public_path}{FILES}{packed(report.id)}/{packed(one.id)}"


class EvidenceFiles:
    """The endpoint of pictures and files."""

    def __init__(self, web: Web) -> None:
        self._web = web

    def route(self) -> Route:
        """Its address: a report, and a piece of it."""
        return Route(f"{FILES}{{report}}/{{piece}}", self.show)

    async def show(self, request: Request) -> Response:
        """A picture in place, anything else to be saved, for whoever may see the report now."""
        cookie, asked = self._web.cookies.read(request), request.path_params

        def look(tx: Connection) -> tuple[Evidence, str] | None:
            found = session_of(self._web, tx, cookie)
            wanted = Press(named_pieces.keys[0], (asked["report"],))
            loaded = named_pieces.load(found[0], wanted) if found is not None else None
            number = Press("", (asked["piece"],)).number(0)
            pieces = evidence.evidence_of(tx, loaded["view"].id) if loaded is not None else []
            piece = next((one for one in pieces if one.id == number), None)
            if piece is None:
                return None
            return piece, f"{piece.indicator or _SHEET}-{_number(pieces, piece)}"

        found = await self._web.database.read(look)
        if found is None or found[0].path is None:
            return Response(status_code=404)
        piece, file = found[0], path_of(self._web.data_dir, found[0].path or "")
        if not file.is_file():
            return Response(status_code=404)
        known = piece.media_type if piece.media_type in MEDIA_TYPES.values() else None
        return FileResponse(
            file,
            media_type=known or "application/octet-stream",
            filename=found[1] + _ENDINGS.get(known or "", ""),
            content_disposition_type="inline" if known in _PICTURES else "attachment",
            headers=_SAVED,
        )
