"""The registry of export formats for buttons, typed texts, the command line and docs/exports.md.

To add a format: write the function that makes its files, register it here for a round or for many
communes, and add its button to both catalogues. `make screens` updates the pages.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, Literal, Protocol

from sqlalchemy import Connection

from handlers.texts import Texts
from storage.evidence.evidence import evidence_of_round
from storage.reports.reports import reports_of_round

if TYPE_CHECKING:  # imported on use: they import the status, which imports the formats
    from handlers.exports.material import Material
    from handlers.status.view import StatusView


class Subject(Protocol):
    """The material of an export: a round's, or that of many communes."""

    @property
    def stem(self) -> str:
        """The part of the files' names that identifies it."""
        ...


# Writes files from a material, in a language, with DATA_DIR (the folder of evidence). The path is
# that of the only file, or the beginning of the names of several. Returns the files in order.
Write = Callable[[Any, Texts, Path, Path], Sequence[Path]]


def without_figures(tx: Connection, status: "StatusView") -> str | None:
    """Return the key of the refusal for a round without any figure yet; else None."""
    return None if status.facts.counted else "exports.nothing_yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFormat:
    """One format in which a round, or many communes, can be exported."""

    name: str  # on the command line, in addresses, and as the file's extension
    description: str  # one line, for the command line and docs/exports.md
    file_stem: str  # the beginning of the files' names
    words: frozenset[str] = frozenset()  # further names to type, as `plain` returns them
    button: str  # the catalogue's key of its caption
    write: Write
    for_leaders: bool = False  # officers and operators get every format
    shown_as: Literal["photo", "file"] = "file"
    extra: str | None = None  # of pyproject.toml, which it needs
    kept: bool = True  # whether it is cached until the figures change
    missing: Callable[[Connection, "StatusView"], str | None] = without_figures
    least_size: Callable[[Any], int] = lambda _: 0  # bytes, known before it is written


FORMATS: dict[str, ExportFormat] = {}  # of a round
OF_MANY: dict[str, ExportFormat] = {}  # of many communes, for their operators
_LONGEST_STEM = 100


def register(one: ExportFormat, among: dict[str, ExportFormat] = FORMATS) -> None:
    """Register a format; raise ValueError if another format has one of its names."""
    for other in among.values():
        if shared := {one.name, *one.words} & {other.name, *other.words}:
            raise ValueError(f"{one.name} and {other.name} have the same names: {shared}")
    among[one.name] = one


def formats_for(*, everything: bool) -> list[ExportFormat]:
    """Return the formats that a person may have: `everything` for officers and operators."""
    return [one for one in FORMATS.values() if everything or one.for_leaders]


def make(
    name: str, material: Subject, texts: Texts, evidence_folder: Path, into: Path,
    among: Mapping[str, ExportFormat] = FORMATS,
) -> Sequence[Path]:  # fmt: skip
    """Write the format's files into a folder; return them in order.

    Raise ImportError if the format's extra isn't installed.
    """
    one = among[name]
    stem = f"{one.file_stem}_{material.stem}"[:_LONGEST_STEM]
    return one.write(material, texts, evidence_folder, into / f"{stem}.{name}")


def _pictures(material: "Material", texts: Texts, evidence: Path, file: Path) -> list[Path]:
    from handlers.exports.pictures import pictures_of

    files: list[Path] = []
    for name, content in pictures_of(material, texts):
        files.append(file.with_name(f"{file.stem}_{name}"))
        files[-1].write_bytes(content)
    return files


def _one_file(writer: str) -> Write:
    """Return a function that writes one file by `writer`, which is imported on use."""

    def write(material: Subject, texts: Texts, evidence: Path, file: Path) -> list[Path]:
        resolve_name(writer)(material, texts, file)
        return [file]

    return write


def _evidence(material: "Material", texts: Texts, evidence: Path, file: Path) -> list[Path]:
    from handlers.exports.evidence import write_evidence

    write_evidence(material, texts, evidence, file)
    return [file]


def _without_evidence(tx: Connection, status: "StatusView") -> str | None:
    """Return the key of the refusal for a round whose sent reports have no evidence; else None."""
    sent = {one.id for one in reports_of_round(tx, status.id).values() if one.sends}
    pieces = evidence_of_round(tx, status.id)
    return None if any(one.report_id in sent for one in pieces) else "exports.no_evidence"


_FORMATS = (
    ExportFormat(
        name="png",
        description=(
            "pictures for a telephone: indicators, areas, the rounds, the days."
            " FILE is the first, the others stand beside it"
        ),
        file_stem="bieu-do",
        words=frozenset({"bieu do", "charts", "hinh"}),
        button="exports.button.png",
        write=_pictures,
        for_leaders=True,
        shown_as="photo",
        extra="pictures",
    ),
    ExportFormat(
        name="xlsx",
        description=(
            "workbook: summary, areas, who is missing or late, the rounds, the changes, the words"
        ),
        file_stem="so-lieu",
        words=frozenset({"excel"}),
        button="exports.button.xlsx",
        write=_one_file("handlers.exports.workbook:write_workbook"),
        for_leaders=True,
        extra="documents",
    ),
    ExportFormat(
        name="docx",
        description=(
            "the commune's report in the form of Decree 30/2020, a draft:"
            " number and date stay blank"
        ),
        file_stem="bao-cao",
        words=frozenset({"word"}),
        button="exports.button.docx",
        write=_one_file("handlers.exports.report:write_report"),
        for_leaders=True,
        extra="documents",
    ),
    ExportFormat(
        name="json",
        description="everything for other programs",
        file_stem="du-lieu",
        button="exports.button.json",
        write=_one_file("handlers.exports.data_files:write_json"),
    ),
    ExportFormat(
        name="csv",
        description="one line for each unit and indicator that it is asked",
        file_stem="du-lieu",
        button="exports.button.csv",
        write=_one_file("handlers.exports.data_files:write_csv"),
    ),
    ExportFormat(
        name="zip",
        description="the evidence that was handed in, by indicator and area",
        file_stem="minh-chung",
        words=frozenset({"minh chung", "evidence"}),
        button="exports.button.zip",
        write=_evidence,
        kept=False,  # it may be large
        missing=_without_evidence,
        # The known sizes: photos and PDFs can't be compressed.
        least_size=lambda material: sum(piece.size or 0 for piece in material.evidence),
    ),
)
_FORMATS_OF_MANY = (
    ExportFormat(
        name="xlsx",
        description="workbook: a row for each commune, their indicators, whose report is missing",
        file_stem="so-lieu-cac-xa",
        button="exports.button.xlsx",
        write=_one_file("handlers.exports.communes_workbook:write_workbook"),
        extra="documents",
    ),
    ExportFormat(
        name="csv",
        description="one line for each commune, round and indicator",
        file_stem="du-lieu-cac-xa",
        button="exports.button.csv",
        write=_one_file("handlers.exports.communes_data_files:write_csv"),
    ),
    ExportFormat(
        name="json",
        description="everything of all of them for other programs",
        file_stem="du-lieu-cac-xa",
        button="exports.button.json",
        write=_one_file("handlers.exports.communes_data_files:write_json"),
    ),
)
for _one in _FORMATS:
    register(_one)
for _one in _FORMATS_OF_MANY:
    register(_one, OF_MANY)
