"""What is wrong with the proxy, told from the errors of aiohttp and aiohttp-socks."""

from urllib.parse import urlsplit

import aiohttp
from telegram.error import NetworkError

from bot.language import gettext as _
from bot.language import later

PROXY_WANTS_PASSWORD = 407  # then the proxy has forwarded nothing
_NO_WAY = later("the proxy is there, but doesn't lead to Telegram")


class NeverConnected(NetworkError):  # noqa: N818 - reads as what happened
    """No connection to Telegram: the request certainly didn't arrive."""


class ProxyFailed(NeverConnected):
    """The proxy of TELEGRAM_PROXY_URL is the cause; `trouble` says what it does or doesn't do."""

    def __init__(self, trouble: str, status: int | None = None) -> None:
        self.trouble = trouble
        self._detail = "" if status is None else f" ({status})"
        super().__init__(trouble + self._detail)

    def translated(self) -> str:
        """The trouble in the language of the command line."""
        return _(self.trouble) + self._detail


def proxy_failure(error: Exception, proxy: str) -> ProxyFailed | None:
    """What the proxy did wrong; None when the error came from behind it.

    The message has neither the address nor the password.
    """
    if isinstance(error, aiohttp.ClientHttpProxyError):
        if error.status == PROXY_WANTS_PASSWORD:
            return password_refused(proxy)
        return ProxyFailed(_NO_WAY, error.status)
    if type(error).__module__.startswith("aiohttp_socks"):
        return _socks_failure(error, proxy)
    if not proxy.startswith("http") or isinstance(error, aiohttp.ClientSSLError):
        return None
    # Every connection goes to the proxy, so it is the proxy that wasn't reached.
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return _not_there()
    return None


def password_refused(proxy: str) -> ProxyFailed:
    """The proxy wants a name and a password, other ones if there are any."""
    if urlsplit(proxy).username is None:
        return ProxyFailed(later("the proxy wants a name and a password"))
    return ProxyFailed(later("the proxy refuses the name or the password"))


def _socks_failure(error: Exception, proxy: str) -> ProxyFailed:
    from aiohttp_socks import ProxyConnectionError, ProxyTimeoutError

    if isinstance(error, ProxyConnectionError | ProxyTimeoutError):
        return _not_there()
    # Only the text tells a refused password; a refused connection has a code, too.
    if "auth" in str(error).lower():
        return password_refused(proxy)
    return ProxyFailed(_NO_WAY)


def _not_there() -> ProxyFailed:
    return ProxyFailed(later("the proxy can't be reached"))
