"""Pictures that people send, fetched from their public addresses, which expire.

An address lets everybody see the picture, so it stands in no exception.
"""

from http import HTTPStatus

import aiohttp

_SECONDS_TO_CONNECT = 10.0
_SECONDS_WITHOUT_A_BYTE = 20.0
_PIECE = 64 * 1024
_EXPIRED = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,  # what a signed address answers when its time is over
        HTTPStatus.NOT_FOUND,
        HTTPStatus.GONE,
    }
)


class MediaError(Exception):
    """A picture wasn't fetched."""


class Expired(MediaError):  # noqa: N818 - these read as what happened
    """Its address doesn't lead to it any more: no later try will get it."""


class TooBig(MediaError):  # noqa: N818
    """It is larger than what is taken."""


class NotFetched(MediaError):  # noqa: N818
    """A passing reason: a later try may get it, while the address lives."""


async def fetch(session: aiohttp.ClientSession, address: str, largest: int) -> bytes:
    """The picture at an address, of at most `largest` bytes; a MediaError when there is none."""
    fetched = await _fetch(session, address, largest)
    if isinstance(fetched, MediaError):
        raise fetched  # here, where it has no context that would quote the address
    return fetched


async def _fetch(session: aiohttp.ClientSession, address: str, largest: int) -> bytes | MediaError:
    timeout = aiohttp.ClientTimeout(
        total=None, sock_connect=_SECONDS_TO_CONNECT, sock_read=_SECONDS_WITHOUT_A_BYTE
    )
    try:
        async with session.get(address, timeout=timeout) as answer:
            if answer.status in _EXPIRED:
                return Expired(f"answered {answer.status}")
            if answer.status != HTTPStatus.OK:
                return NotFetched(f"answered {answer.status}")
            content = bytearray()
            async for piece in answer.content.iter_chunked(_PIECE):
                content += piece
                if len(content) > largest:
                    return TooBig(f"more than {largest} bytes")
            return bytes(content)
    except aiohttp.InvalidURL as error:
        return Expired(type(error).__name__)
    except (aiohttp.ClientError, OSError) as error:
        return NotFetched(type(error).__name__)
