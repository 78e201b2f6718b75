"""Every format an export can have, and the files it is made of; the same for button and command."""

from pathlib import Path

from handlers.channel import Format
from handlers.exports.evidence import write_evidence
from handlers.exports.machine import write_csv, write_json
from handlers.exports.material import Material
from handlers.exports.wording import slug
from handlers.texts import Texts

_STEMS: dict[Format, str] = {
    "xlsx": "so-lieu", "docx": "bao-cao", "json": "du-lieu", "csv": "du-lieu", "png": "bieu-do",
    "zip": "minh-chung",
}  # fmt: skip


def make(
    format_: Format, material: Material, texts: Texts, evidence_folder: Path, into: Path
) -> list[Path]:
    """Write the format's files into a folder; pictures are several. Gives them in order."""
    if format_ == "png":
        return _pictures(material, texts, into)
    file = into / f"{stem(format_, material)}.{format_}"
    if format_ == "xlsx":
        from handlers.exports.workbook import write_workbook

        write_workbook(material, texts, file)
    elif format_ == "docx":
        from handlers.exports.report import write_report

        write_report(material, texts, file)
    elif format_ == "json":
        write_json(material, texts, file)
    elif format_ == "csv":
        write_csv(material, texts, file)
    else:
        write_evidence(material, texts, evidence_folder, file)
    return [file]


def _pictures(material: Material, texts: Texts, into: Path) -> list[Path]:
    from handlers.exports.pictures import pictures_of

    files: list[Path] = []
    for name, content in pictures_of(material, texts):
        file = into / f"{stem('png', material)}_{name}"
        file.write_bytes(content)
        files.append(file)
    return files


def stem(format_: Format, material: Material) -> str:
    """`bao-cao_hung-lo_2026-11`: what it is, of which commune, of which month."""
    day = material.picture.data_date or material.day(material.opens_at)
    return f"{_STEMS[format_]}_{slug(material.commune.code)}_{day:%Y-%m}"
