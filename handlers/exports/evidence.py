"""The evidence of a round as a ZIP, in folders by indicator and area, with an index.

Files are copied in chunks, because the ZIP may be larger than the memory.
"""

import csv
import io
import mimetypes
import shutil
import zipfile
from collections import Counter
from datetime import datetime
from pathlib import Path, PurePosixPath

from handlers.exports.material import Material
from handlers.exports.names import slug
from handlers.exports.wording import formula_safe, say
from handlers.texts import Texts
from storage.evidence.evidence import Evidence
from storage.evidence.evidence_files import UnsafeName, path_of

INDEX = "index.csv"
_COLUMNS = ("file", "indicator", "unit", "kind", "given_at", "name", "link", "size", "state")
_LONGEST = 60


def write_evidence(material: Material, texts: Texts, folder: Path, file: Path) -> None:
    """Write the ZIP from the files in `folder`; links are in the index only."""
    index = io.StringIO()
    lines = csv.writer(index)
    lines.writerow(_COLUMNS)
    with zipfile.ZipFile(file, "w", allowZip64=True) as archive:
        for number, piece in enumerate(material.evidence, start=1):
            path = _path_in_zip(material, texts, piece, number)
            state = _add_file(archive, folder, piece, path, material)
            lines.writerow(_line(material, piece, path if state == "in" else "", state))
        head = zipfile.ZipInfo(INDEX, _stamp(material, material.status.as_of))
        archive.writestr(head, "\ufeff" + index.getvalue(), zipfile.ZIP_DEFLATED)


def _add_file(
    archive: zipfile.ZipFile, folder: Path, piece: Evidence, path: str, material: Material
) -> str:
    """Put one file into the archive; return its state: in, link, not_fetched, gone."""
    if piece.link is not None:
        return "link"
    if piece.path is None:
        return "not_fetched" if piece.channel_reference is not None else "gone"
    entry = zipfile.ZipInfo(path, _stamp(material, piece.given_at))
    entry.compress_type = zipfile.ZIP_STORED  # photos and PDFs can't be compressed
    try:
        file = path_of(folder, piece.path)
        with file.open("rb") as source:
            entry.file_size = file.stat().st_size
            with archive.open(entry, "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)
    except (FileNotFoundError, UnsafeName):
        return "gone"
    return "in"


def _path_in_zip(material: Material, texts: Texts, piece: Evidence, number: int) -> str:
    """Return the path in the ZIP: `KT3-hop-tac-xa-so/khu-1-suoi-vang/07-bien-ban.pdf`."""
    indicators = {one.code: one for one in material.status.criteria.indicators}
    indicator = indicators.get(piece.indicator)
    short = slug(texts.short(indicator)) if indicator is not None else ""
    folder = f"{piece.indicator}-{short}".strip("-") or slug(say(texts, "sheet.whole"))
    return str(PurePosixPath(folder, _unit_folder(material, texts, piece), _name(piece, number)))


def _unit_folder(material: Material, texts: Texts, piece: Evidence) -> str:
    """Return the unit's name, with its code if two names are the same without marks."""
    status, unit = material.status, material.unit_of(piece)
    names = Counter(slug(status.name(one, texts)) for one in status.units)
    name = slug(status.name(unit, texts))
    return name if name and names[name] == 1 else f"{name}-{status.units[unit].code}".lstrip("-")


def _name(piece: Evidence, number: int) -> str:
    original = PurePosixPath((piece.original_name or "").replace("\\", "/")).name
    stem, _, ending = original.rpartition(".")
    if not stem:
        stem, ending = original, ""
    guessed = mimetypes.guess_extension(piece.media_type or "") or ""
    suffix = f".{slug(ending)}" if slug(ending) else guessed
    if not suffix and piece.kind == "photo":
        suffix = ".jpg"
    return f"{number:02d}-{slug(stem) or piece.kind}"[:_LONGEST] + suffix[:10]


def _line(material: Material, piece: Evidence, path: str, state: str) -> list[object]:
    unit = material.status.units[material.unit_of(piece)]
    return [
        path, piece.indicator, unit.code, piece.kind,
        piece.given_at.astimezone(material.zone).isoformat(timespec="seconds"),
        formula_safe(piece.original_name or ""),
        formula_safe(piece.link or ""), piece.size, state,
    ]  # fmt: skip


def _stamp(material: Material, at: datetime) -> tuple[int, int, int, int, int, int]:
    local = at.astimezone(material.zone)
    return (max(local.year, 1980), local.month, local.day, local.hour, local.minute, local.second)
