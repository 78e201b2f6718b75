"""Fetched photos of difficulties: they are cleaned like evidence and get random file names."""

from bot.file_sandbox.evidence import Clean
from bot.file_sandbox.process import run_in_child
from bot.intake.cleaned_files import CleanedFiles
from bot.intake.evidence_files import keep_as
from handlers.difficulties.settling import tell_of_lost_photo
from handlers.report.attachment_rules import Why
from storage.difficulties import difficulty_photos
from storage.fetching import ToFetch


class DifficultyPhotos(CleanedFiles):
    """The fetcher's file kind "photo"."""

    name = "photo"
    queue = difficulty_photos.TO_FETCH

    async def keep(self, row: ToFetch, content: bytes) -> Why | None:
        """Clean and store the photo; return the reason when it can't be stored."""
        clean = Clean.of(await run_in_child("evidence", content))
        if not isinstance(clean, Clean):
            return clean
        if not clean.media_type.startswith("image/"):
            return "unwanted"
        await keep_as(
            self._database, self._folder, clean.content,
            lambda tx, file: difficulty_photos.store_name(tx, row, file.name),
        )  # fmt: skip
        return None

    async def not_kept(self, row: ToFetch, why: Why) -> None:  # noqa: ARG002 - one message for all
        """Remove the photo and ask its sender for it again."""
        now = self._clock.now()
        await self._database.write(lambda tx: tell_of_lost_photo(tx, row, now, self._deployment))
        self._message_added()
