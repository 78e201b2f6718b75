"""Fetched evidence: it is stored in a file, without metadata such as where a photo was taken."""

from bot.file_sandbox.evidence import Clean, renamed
from bot.file_sandbox.process import run_in_child
from bot.intake.cleaned_files import CleanedFiles
from bot.intake.evidence_files import keep
from handlers.report import attachment_rules
from handlers.report.attachment_rules import Why
from storage.evidence import evidence
from storage.fetching import ToFetch


class EvidenceFetching(CleanedFiles):
    """The fetcher's file kind "evidence"."""

    name = "evidence"
    queue = evidence.TO_FETCH

    async def keep(self, row: ToFetch, content: bytes) -> Why | None:
        """Clean and store the file; return the reason when it can't be stored."""
        clean = Clean.of(await run_in_child("evidence", content))
        if not isinstance(clean, Clean):
            return clean
        piece = await self._database.read(lambda tx: evidence.piece(tx, row.id))
        name = renamed(piece.original_name, clean.ending) if piece is not None else None
        await keep(self._database, self._folder, row.id, clean.content, clean.media_type, name)
        return None

    async def not_kept(self, row: ToFetch, why: Why) -> None:
        """Remove the piece of evidence and tell its sender why."""
        now, zone = self._clock.now(), self._deployment.zone
        await self._database.write(lambda tx: attachment_rules.not_kept(tx, row.id, why, now, zone))
        self._message_added()
