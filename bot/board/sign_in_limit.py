"""Limits wrong sign-in codes: for each network address, and in all."""

import ipaddress

from starlette.requests import Request

from handlers.flow.code_rate_limit import CodeRateLimit

# An hour of fifty code_rate_limit at five living codes finds one in four thousand times.
MOST_IN_ALL = 50


def code_rate_limit() -> CodeRateLimit:
    """Counts wrong codes of the last hour."""
    return CodeRateLimit(most=MOST_IN_ALL)


def network_of(request: Request) -> str:
    """Where a request comes from: an address of IPv4, or a network of IPv6, as one has many."""
    host = request.client.host if request.client is not None else ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))
