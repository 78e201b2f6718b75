"""Pictures that people sent to a Zalo bot, from their addresses, which expire."""

import aiohttp

from bot.messengers import FileNotFetched, FileRefused
from bot.zalo import media


class ZaloFiles:
    """Fetches by the picture's public address."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def fetch(self, reference: str, largest: int) -> bytes:
        """The picture, or an error of `bot.messengers`."""
        try:
            return await media.fetch(self._session, reference, largest)
        except media.Expired as error:
            raise FileRefused("not_fetched", str(error)) from error
        except media.TooBig as error:
            raise FileRefused("too_big", str(error)) from error
        except media.MediaError as error:
            raise FileNotFetched(str(error)) from error
