"""The web route of signed URLs; it sends the picture or document, or one sentence."""

from pathlib import PurePath
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.signed_urls.temporary_files import PATH, TemporaryFiles
from handlers.texts import LANGUAGES, texts_of

# Kinds of files that the program makes or accepts; browsers only save any other kind.
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
MEDIA_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".pdf": "application/pdf",
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".pptx": f"{_OFFICE}.presentationml.presentation",
    ".odt": f"{_OPEN}.text",
    ".ods": f"{_OPEN}.spreadsheet",
    ".odp": f"{_OPEN}.presentation",
    ".csv": "text/csv",
    ".json": "application/json",
    ".zip": "application/zip",
}
_SHOWN_IN_PLACE = {"image/png", "image/jpeg", "image/webp"}
_HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


def address_route(temporary_files: TemporaryFiles, public_url: str) -> Route:
    """Return the route below the public address; wrong and expired addresses look the same."""

    async def show(request: Request) -> Response:
        copy = temporary_files.find(request.path_params["token"])
        if copy is None:
            sentences = "\n".join(texts_of(one).say("address.gone") for one in LANGUAGES)
            return PlainTextResponse(f"{sentences}\n", status_code=404, headers=_HEADERS)
        media_type = MEDIA_TYPES.get(
            PurePath(copy.file_name).suffix.lower(), "application/octet-stream"
        )
        return FileResponse(
            copy.path,
            media_type=media_type,
            filename=copy.file_name,
            content_disposition_type="inline" if media_type in _SHOWN_IN_PLACE else "attachment",
            headers=_HEADERS,
        )

    return Route(f"{urlsplit(public_url).path}{PATH}{{token}}", show)
