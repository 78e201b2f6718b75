"""Checks that an address is public, since Zalo opens no others."""

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from bot.simulator.zalo.specification import wrong

_PRIVATE_ENDINGS = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


def check_public(name: str, url: str, *, loopback: bool, https_only: bool) -> None:
    """Refuse an address that isn't public; `loopback` also allows those of this machine.

    It judges a host name by its ending and doesn't resolve it.
    """
    parts, host = _parts(name, url)
    address = _numeric(host)
    here = host == "localhost" or (address is not None and address.is_loopback)
    if here and loopback:
        return
    if https_only and parts.scheme != "https":
        raise wrong(f"{name} must be an https address")
    private = not address.is_global if address is not None else _is_private_name(host)
    if here or private:
        raise wrong(f"{name} must be a public address")


def _parts(name: str, url: str) -> tuple[SplitResult, str]:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        raise wrong(f"{name} is no address") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise wrong(f"{name} is no web address")
    return parts, host


def _numeric(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return a numeric address, in each form that systems accept ("127.1"); None for a name."""
    try:
        if ":" in host:
            return ipaddress.IPv6Address(host)
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def _is_private_name(host: str) -> bool:
    return "." not in host or host.endswith(_PRIVATE_ENDINGS)
