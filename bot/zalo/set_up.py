"""The Zalo bots that are set up: those of bots.toml, with the settings that concern them."""

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
    """A bot as it is set up: its name, token and plan, and where it is called, if it is."""

    name: str
    commune: str
    token: str
    url: str
    messages_a_month: int
    people: int
    public_url: str | None = None

    @property
    def secret(self) -> str:
        """The secret in each call of the webhook."""
        return hashlib.sha256(f"webhook of {self.token}".encode()).hexdigest()

    @property
    def hook(self) -> str | None:
        """The public address of its webhook, of its own; None where it polls."""
        return f"{self.public_url}/zalo/{self.name}" if self.public_url is not None else None


def zalo_bots(settings: Settings) -> tuple[tuple[ZaloBot, ...], tuple[str, ...]]:
    """The Zalo bots of this installation, and a sentence for each mistake in bots.toml."""
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
    """The connections to Zalo of all bots; a context manager that closes them.

    With `public` none is made to a private network or this machine: the address of a picture, or
    where it redirects to, could lead there.
    """
    factory = public_socket if public else None
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, socket_factory=factory))


def public_socket(address: tuple[Any, ...]) -> socket.socket:
    """A socket for an entry of getaddrinfo; OSError for an address that is not public."""
    family, kind, protocol, _, (host, *_) = address
    if not ipaddress.ip_address(host).is_global:
        raise OSError("not a public address")
    return socket.socket(family, kind, protocol)
