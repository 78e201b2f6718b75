"""The check of short codes: whether the key that made them still exists."""

from sqlalchemy import Connection

from bot.language import gettext as _
from bot.operations.check.result import CheckResult
from bot.service.clock import Clock
from bot.settings import Settings
from storage.people.short_codes import PURPOSE, ShortCodes
from storage.secret_key import FILE, existing_key


def short_codes(tx: Connection, settings: Settings) -> list[CheckResult]:
    """Check for codes that can't be used, because the key that made them is missing."""
    key = existing_key(settings.data_dir, PURPOSE) or b""
    useless = ShortCodes(key).count_with_other_key(tx, Clock().now())
    if not useless:
        return []
    text = _(
        "{count} open invitations have a short code of another {file}; bring that file back, or"
        " make new invitations (their links work all the same)",
        count=useless,
        file=settings.data_dir / FILE,
    )
    return [CheckResult("codes", ok=False, text=text)]
