"""What Zalo itself fetches and posts: pictures that a bot sends, events to its webhook."""

from dataclasses import dataclass

_SECONDS = 10.0
MAX_PHOTO = 10 * 1024 * 1024  # bytes; nobody has named Zalo's limit


class NotReached(Exception):  # noqa: N818 - reads as what happened
    """Nothing answered at the address, or too much; says which in a few words."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered."""

    status: int
    content: bytes


class Web:
    """The way out over HTTP. Redirects aren't followed: they could lead to a private address."""

    async def get(self, url: str) -> Fetched:
        """Fetch an address; NotReached when nothing answers."""
        return await self._request("GET", url, b"", {})

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Fetched:
        """Post JSON to an address; NotReached when nothing answers."""
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
