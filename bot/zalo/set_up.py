"""The Zalo bots of the file bots.toml, with the settings that concern them."""

import hashlib
import ipaddress
import socket
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.bots_file import usable_bots
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class ZaloBot:
    """The configuration of a bot: its name, token and plan, and the public URL of its webhook."""

    name: str
    commune: str
    token: str
    url: str
    messages_a_month: int
    people: int
    public_url: str | None = None

    @property
    def secret(self) -> str:
        """The secret that Zalo sends with each call of the webhook."""
        return hashlib.sha256(f"webhook of {self.token}".encode()).hexdigest()

    @property
    def hook(self) -> str | None:
        """The public address of its own webhook; None if it polls."""
        return f"{self.public_url}/zalo/{self.name}" if self.public_url is not None else None


def zalo_bots(settings: Settings) -> tuple[tuple[ZaloBot, ...], tuple[str, ...]]:
    """Return the Zalo bots of this installation, and a sentence for each mistake in bots.toml."""
    found, wrong = usable_bots(settings.data_dir)
    bots = tuple(
        ZaloBot(
            one.name, one.commune, one.token.get_secret_value(), settings.zalo_api_url,
            one.messages_a_month, one.people, settings.public_url,
        )
        for one in found
    )  # fmt: skip
    return bots, wrong


def zalo_session(*, public: bool = False) -> aiohttp.ClientSession:
    """Return the session of all bots with its connections to Zalo; a context manager closes them.

    With `public` it refuses connections to private networks and this machine: the address of a
    picture, or a redirection, could lead there.
    """
    factory = public_socket if public else None
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, socket_factory=factory))


def public_socket(address: tuple[Any, ...]) -> socket.socket:
    """Return a socket for an entry of getaddrinfo; raise OSError if its address isn't public."""
    family, kind, protocol, _, (host, *_) = address
    if not ipaddress.ip_address(host).is_global:
        raise OSError("not a public address")
    return socket.socket(family, kind, protocol)
