"""Fetches pictures that people sent to a Zalo bot from their public addresses, which expire.

Everybody who has an address can see the picture, so no exception contains an address.
"""

from http import HTTPStatus

import aiohttp

from bot.messengers import FileNotFetched, FileRefused

_SECONDS_TO_CONNECT = 10.0
_SECONDS_WITHOUT_A_BYTE = 20.0
_PIECE = 64 * 1024
_EXPIRED = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,  # the answer of a signed URL that has expired
        HTTPStatus.NOT_FOUND,
        HTTPStatus.GONE,
    }
)


class ZaloFiles:
    """Fetches pictures by their addresses. The caller opens and closes the session."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def fetch(self, reference: str, largest: int) -> bytes:
        """Return the picture, of at most `largest` bytes; raise an error of `bot.messengers`."""
        fetched = await self._fetch(reference, largest)
        if isinstance(fetched, Exception):
            raise fetched  # raised here, it has no context that would quote the address
        return fetched

    async def _fetch(self, address: str, largest: int) -> bytes | FileRefused | FileNotFetched:
        timeout = aiohttp.ClientTimeout(
            total=None, sock_connect=_SECONDS_TO_CONNECT, sock_read=_SECONDS_WITHOUT_A_BYTE
        )
        try:
            async with self._session.get(address, timeout=timeout) as answer:
                if answer.status in _EXPIRED:
                    return FileRefused("not_fetched", f"answered {answer.status}")
                if answer.status != HTTPStatus.OK:
                    return FileNotFetched(f"answered {answer.status}")
                content = bytearray()
                async for piece in answer.content.iter_chunked(_PIECE):
                    content += piece
                    if len(content) > largest:
                        return FileRefused("too_big", f"more than {largest} bytes")
                return bytes(content)
        except aiohttp.InvalidURL as error:
            return FileRefused("not_fetched", type(error).__name__)
        except (aiohttp.ClientError, OSError) as error:
            return FileNotFetched(type(error).__name__)
