"""Finds what is wrong with the proxy from the errors of aiohttp and aiohttp-socks."""

from urllib.parse import urlsplit

import aiohttp
from telegram.error import NetworkError

from bot.language import gettext as _
from bot.language import later

PROXY_WANTS_PASSWORD = 407  # an HTTP status; the proxy has forwarded nothing
_NOT_FORWARDED = later("the proxy is there, but doesn't lead to Telegram")


class NeverConnected(NetworkError):  # noqa: N818 - reads as what happened
    """No connection to Telegram: the request certainly didn't arrive."""


class ProxyFailed(NeverConnected):
    """The proxy of TELEGRAM_PROXY_URL is the cause; `trouble` says what is wrong with it."""

    def __init__(self, trouble: str, status: int | None = None) -> None:
        self.trouble = trouble
        self._detail = "" if status is None else f" ({status})"
        super().__init__(trouble + self._detail)

    def translated(self) -> str:
        """Return the trouble in the language of the command line."""
        return _(self.trouble) + self._detail


def proxy_failure(error: Exception, proxy: str) -> ProxyFailed | None:
    """Return what the proxy did wrong; None when the error came from behind the proxy.

    The message contains neither the proxy's address nor the password.
    """
    if isinstance(error, aiohttp.ClientHttpProxyError):
        if error.status == PROXY_WANTS_PASSWORD:
            return password_refused(proxy)
        return ProxyFailed(_NOT_FORWARDED, error.status)
    if type(error).__module__.startswith("aiohttp_socks"):
        return _socks_failure(error, proxy)
    if not proxy.startswith("http") or isinstance(error, aiohttp.ClientSSLError):
        return None
    # All connections go to the proxy, so a failed connection means that it wasn't reached.
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return _unreachable_proxy()
    return None


def password_refused(proxy: str) -> ProxyFailed:
    """Return the failure of a proxy that wants a name and a password, or refuses the given ones."""
    if urlsplit(proxy).username is None:
        return ProxyFailed(later("the proxy wants a name and a password"))
    return ProxyFailed(later("the proxy refuses the name or the password"))


def _socks_failure(error: Exception, proxy: str) -> ProxyFailed:
    from aiohttp_socks import ProxyConnectionError, ProxyTimeoutError

    if isinstance(error, ProxyConnectionError | ProxyTimeoutError):
        return _unreachable_proxy()
    # Only the text shows a refused password; a refused connection has an error code, too.
    if "auth" in str(error).lower():
        return password_refused(proxy)
    return ProxyFailed(_NOT_FORWARDED)


def _unreachable_proxy() -> ProxyFailed:
    return ProxyFailed(later("the proxy can't be reached"))
