"""What `check` says about the files of evidence: those on the disk against the database's rows."""

from collections.abc import Sequence
from pathlib import Path

from bot.finding import Finding
from storage.evidence import File
from storage.evidence_files import UnsafeName, checksum, path_of

_SHOWN = 3
_ADVICE = {
    "missing": "bring them back from a backup",
    "cut or changed": "bring them back from a backup",
    "not ours": "the database names files that this program never wrote; look who wrote there",
    "orphaned": "no row names them; delete them, or restore the database that does",
}


def evidence_findings(
    data_dir: Path, on_disk: Sequence[str], rows: Sequence[File]
) -> list[Finding]:
    """One line, or one for each kind of trouble. `on_disk` was listed before the rows were read.

    Every file is read to the end.
    """
    found: dict[str, list[str]] = {kind: [] for kind in _ADVICE}
    for row in rows:
        if row.wanted and (trouble := _trouble(data_dir, row)) is not None:
            found[trouble].append(row.path)
    found["orphaned"] = sorted(set(on_disk) - {row.path for row in rows})
    wanted = sum(1 for row in rows if row.wanted)
    if not any(found.values()):
        return [Finding("evidence", ok=True, text=f"{wanted} files, as the database says")]
    return [
        Finding(f"evidence {kind}", ok=False, text=f"{_listed(names)}; {_ADVICE[kind]}")
        for kind, names in found.items()
        if names
    ]


def _trouble(data_dir: Path, row: File) -> str | None:
    try:
        file = path_of(data_dir, row.path)
    except UnsafeName:
        return "not ours"
    if not file.is_file():
        return "missing"
    if file.stat().st_size != row.size or row.checksum not in {None, checksum(file)}:
        return "cut or changed"
    return None


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{len(names)} ({', '.join(names[:_SHOWN])}{more})"
