"""Zalo's own HTTP requests: to fetch pictures that a bot sends, and to post to its webhook."""

from dataclasses import dataclass

_SECONDS = 10.0
MAX_PHOTO = 10 * 1024 * 1024  # bytes; Zalo's limit isn't documented


class NotReached(Exception):  # noqa: N818 - reads as what happened
    """There was no answer from the address, or it was too large; the message says which."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer of an address."""

    status: int
    content: bytes


class Web:
    """An HTTP client that follows no redirects, since they could lead to a private address."""

    async def get(self, url: str) -> Fetched:
        """Fetch an address; raise NotReached without an answer."""
        return await self._request("GET", url, b"", {})

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Fetched:
        """Post JSON to an address; raise NotReached without an answer."""
        return await self._request(
            "POST", url, body, {"content-type": "application/json", **headers}
        )

    async def _request(
        self, method: str, url: str, body: bytes, headers: dict[str, str]
    ) -> Fetched:
        import aiohttp

        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS)) as session,
                session.request(
                    method, url, data=body or None, headers=headers, allow_redirects=False
                ) as answer,
            ):
                content = bytearray()
                async for piece in answer.content.iter_chunked(64 * 1024):
                    content += piece
                    if len(content) > MAX_PHOTO:
                        raise NotReached("too large")
                return Fetched(answer.status, bytes(content))
        except TimeoutError:
            raise NotReached("no answer in time") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise NotReached(type(error).__name__) from None
