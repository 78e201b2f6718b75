"""The checks of evidence: files not fetched, files on the disk, free space."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection

from bot.language import gettext as _
from bot.language import later
from bot.operations.check.result import CheckResult
from bot.operations.folders import free_bytes
from bot.settings import Settings
from handlers.report.attachment_rules import LEAST_ROOM, MEGABYTE, OF_A_ROUND
from storage.difficulties import difficulty_photos
from storage.evidence import evidence, evidence_totals
from storage.evidence.evidence import EvidenceFile
from storage.evidence.evidence_files import UnsafeName, checksum, path_of

_WARN_AT = 0.8  # of a round's limits
_SHOWN = 3
_ADVICE = {
    "missing": later("bring them back from a backup"),
    "cut or changed": later("bring them back from a backup"),
    "not ours": later(
        "the database names files that this program never wrote; look who wrote there"
    ),
    "orphaned": later("no row names them; delete them, or restore the database that does"),
}


def fetching(tx: Connection, settings: Settings) -> list[CheckResult]:
    """Check for files still to be fetched, and for open rounds near their limits."""
    backlog = evidence_totals.backlog(tx)
    if backlog.oldest_late is None:
        text = (
            _("{waiting} files to be fetched", waiting=backlog.waiting)
            if backlog.waiting
            else _("all is fetched")
        )
        found = [CheckResult("evidence fetched", ok=True, text=text)]
    else:
        since = f"{backlog.oldest_late.astimezone(settings.timezone):%Y-%m-%d %H:%M}"
        text = _(
            "{late} files couldn't be fetched from Telegram yet, the oldest was given "
            "{since}; each is tried for a day, the log says why it fails",
            late=backlog.late,
            since=since,
        )
        found = [CheckResult("evidence fetched", ok=False, text=text)]
    for one in evidence_totals.of_open_rounds(tx):
        pieces, size = one.total.pieces, one.total.size
        if pieces >= _WARN_AT * OF_A_ROUND.pieces or size >= _WARN_AT * OF_A_ROUND.size:
            text = _(
                "{commune}, {round}: {pieces} pieces, {size} MB; nothing is taken beyond "
                "{most_pieces} pieces or {most_size} MB",
                commune=one.commune,
                round=one.round,
                pieces=pieces,
                size=size // MEGABYTE,
                most_pieces=OF_A_ROUND.pieces,
                most_size=OF_A_ROUND.size // MEGABYTE,
            )
            found.append(CheckResult("evidence of a round", ok=False, text=text))
    return found


def files_named(tx: Connection) -> list[EvidenceFile]:
    """Return the files of evidence and of difficulties that the database names."""
    photos = difficulty_photos.names(tx)
    return evidence.files(tx) + [EvidenceFile(name, None, None, wanted) for name, wanted in photos]


def room(folder: Path) -> CheckResult:
    """Check the free space for evidence; warn below twice the space that must stay free."""
    free = free_bytes(folder)
    text = _("{free} MB free", free=free // MEGABYTE)
    if free >= 2 * LEAST_ROOM:
        return CheckResult("room", ok=True, text=text)
    text += _("; evidence isn't taken below {least} MB: make room", least=LEAST_ROOM // MEGABYTE)
    return CheckResult("room", ok=False, text=text)


def evidence_findings(
    data_dir: Path, on_disk: Sequence[str], rows: Sequence[EvidenceFile]
) -> list[CheckResult]:
    """Compare the files with the database; return one result, or one for each kind of problem.

    It reads every file for its checksum. The caller lists `on_disk` before it reads the rows, so
    that a file stored meanwhile isn't taken for orphaned.
    """
    found: dict[str, list[str]] = {kind: [] for kind in _ADVICE}
    for row in rows:
        if row.wanted and (trouble := _trouble(data_dir, row)) is not None:
            found[trouble].append(row.path)
    found["orphaned"] = sorted(set(on_disk) - {row.path for row in rows})
    wanted = sum(1 for row in rows if row.wanted)
    if not any(found.values()):
        return [
            CheckResult(
                "evidence",
                ok=True,
                text=_("{wanted} files, as the database says", wanted=wanted),
            )
        ]
    return [
        CheckResult(f"evidence {kind}", ok=False, text=f"{_listed(names)}; {_(_ADVICE[kind])}")
        for kind, names in found.items()
        if names
    ]


def _trouble(data_dir: Path, row: EvidenceFile) -> str | None:
    try:
        file = path_of(data_dir, row.path)
    except UnsafeName:
        return "not ours"
    if not file.is_file():
        return "missing"
    if row.size not in {None, file.stat().st_size} or row.checksum not in {None, checksum(file)}:
        return "cut or changed"
    return None


def _listed(names: Sequence[str]) -> str:
    more = _(" and {count} more", count=len(names) - _SHOWN) if len(names) > _SHOWN else ""
    return f"{len(names)} ({', '.join(names[:_SHOWN])}{more})"
