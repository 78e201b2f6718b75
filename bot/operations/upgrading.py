"""Before a database is brought to a newer program's schema, a backup of it is made."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.operations.backups import make_before_upgrade
from bot.settings import Settings


def backup_first(
    settings: Settings, now: datetime, tell: Callable[[str, Path], None]
) -> Callable[[str], None]:
    """What `Database` calls before it upgrades; `tell` gets the old revision and the file.

    It runs in a thread of its own. Where the backup can't be made, nothing is upgraded.
    """
    url = settings.database_url.get_secret_value()

    def keep(revision: str) -> None:
        made = make_before_upgrade(url, settings.data_dir, now)
        tell(revision, asyncio.run(made).absolute())

    return keep
