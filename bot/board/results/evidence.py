"""The evidence of a report: the list for its page, and the endpoint of pictures and files."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from bot.board.http.responses import BoardContext
from bot.board.pages import PageRequest
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
_SHEET = "phieu-giay"  # the file name of a photo of the whole paper sheet
_FILE_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox"}


def pieces_of(request: PageRequest, report: Report) -> list[dict[str, Any]]:
    """Return the pieces of evidence for a page: a line, and the path of the picture, file or link.

    The lines have numbers instead of file names, because a file name may name a person.
    """
    if named_pieces.load(request.context, named_pieces.at(report.id)) is None:
        return []
    pieces = evidence.evidence_of(request.context.tx, report.id)
    return [
        {
            "line": request.texts.say(
                f"board.evidence.{'coming' if in_progress(one) else one.kind}",
                number=_number(pieces, one),
            ),
            "code": one.indicator,
            "link": _link(request, report, one),
            "elsewhere": one.kind == "link",
            "picture": (one.media_type or "") in _PICTURES,
        }
        for one in pieces
    ]


def _number(pieces: Sequence[Evidence], piece: Evidence) -> int:
    """Return the number of a piece among those of its question, from 1."""
    return [one.id for one in pieces if one.indicator == piece.indicator].index(piece.id) + 1


def _link(request: PageRequest, report: Report, one: Evidence) -> str:
    if one.kind == "link":
        return one.link if one.link and one.link.startswith(("https://", "http://")) else ""
    if one.path is None:
        return ""
    return f"{request.public_path}{FILES}{packed(report.id)}/{packed(one.id)}"


class EvidenceFiles:
    """The endpoint of pictures and files."""

    def __init__(self, web: BoardContext) -> None:
        self._web = web

    def route(self) -> Route:
        """Return the route; its arguments are a report and a piece."""
        return Route(f"{FILES}{{report}}/{{piece}}", self.show)

    async def show(self, request: Request) -> Response:
        """Send a piece if the person may see the report now: pictures inline, others to save."""
        cookie, arguments = self._web.cookies.read(request), request.path_params

        def load(tx: Connection) -> tuple[Evidence, str] | None:
            found = session_of(self._web, tx, cookie)
            wanted = Press(named_pieces.keys[0], (arguments["report"],))
            loaded = named_pieces.load(found[0], wanted) if found is not None else None
            number = Press("", (arguments["piece"],)).number(0)
            pieces = evidence.evidence_of(tx, loaded["view"].id) if loaded is not None else []
            piece = next((one for one in pieces if one.id == number), None)
            if piece is None:
                return None
            return piece, f"{piece.indicator or _SHEET}-{_number(pieces, piece)}"

        found = await self._web.database.read(load)
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
            headers=_FILE_HEADERS,
        )
