"""Limits wrong sign-in codes, for each network address and in total."""

import ipaddress

from starlette.requests import Request

from handlers.flow.code_rate_limit import CodeRateLimit

# With fifty guesses an hour at five valid codes, an attacker succeeds in one of 4,000 hours.
MOST_IN_ALL = 50


def code_rate_limit() -> CodeRateLimit:
    """Return a counter of the wrong codes of the last hour."""
    return CodeRateLimit(most=MOST_IN_ALL)


def network_of(request: Request) -> str:
    """Return the IPv4 address of a request, or its IPv6 /64 network.

    One person has many addresses of such a network.
    """
    host = request.client.host if request.client is not None else ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))
