"""Makes one attempt to send a message of the outbox, and decides whether to try again."""

import asyncio
from datetime import timedelta

import structlog
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.sending.bot_queue import (
    NOT_YET,
    UNREACHABLE,
    DeliveryOutcome,
    failed_by_bug,
    refused,
)
from bot.sending.outage import FIRST_PAUSE, LONGEST_PAUSE, Outage
from bot.service.clock import Clock
from bot.telegram.calls import reason
from bot.telegram.channel import TelegramChannel, gone_for_good
from bot.telegram.transport import never_arrived, refused_by_server
from handlers.flow.channel import Screen
from storage.messages import outbox

log = structlog.get_logger(__name__)

TRIES_AT_A_BROKEN_SERVER = 3  # after a 5xx the message was most likely, not certainly, not sent


class TelegramDelivery:
    """Sends a message once; it reports connection failures to `Outage`."""

    def __init__(self, channel: TelegramChannel, clock: Clock, outage: Outage) -> None:
        self._channel = channel
        self._clock = clock
        self._outage = outage

    async def attempt(self, row: outbox.Outgoing, address: str) -> DeliveryOutcome:
        """Send the message once and return the result."""
        try:
            landed = await self._channel.deliver(
                address, Screen.from_json(row.payload), row.remove_keyboard
            )
        except RetryAfter:  # the pacing has noted for how long
            return NOT_YET
        except (Forbidden, BadRequest) as error:
            if isinstance(error, Forbidden) or gone_for_good(error):
                return UNREACHABLE
            return refused(row, reason(error))
        except NetworkError as error:
            return self._not_answered(row, error)
        except InvalidToken as error:  # not because of this message; the poller ends the program
            self._outage.failed(asyncio.get_running_loop().time())
            log.warning("message not sent", message=row.id, reason=reason(error))
            return NOT_YET
        except TelegramError as error:
            return refused(row, reason(error))
        except Exception as error:  # noqa: BLE001 - a bug with one message must not stop the others
            return failed_by_bug(row, error)
        self._outage.over()
        return DeliveryOutcome("sent", sent=landed)

    def _not_answered(self, row: outbox.Outgoing, error: NetworkError) -> DeliveryOutcome:
        """Return the result of a failed connection or server, and make other messages wait."""
        self._outage.failed(asyncio.get_running_loop().time())
        log.warning("message not sent", message=row.id, reason=reason(error))
        if never_arrived(error):
            return NOT_YET
        if not refused_by_server(error):
            return DeliveryOutcome("uncertain", "timed_out")
        if row.tries + 1 >= TRIES_AT_A_BROKEN_SERVER:
            return DeliveryOutcome("uncertain", "server_error")
        pause = min(FIRST_PAUSE * 2**row.tries, LONGEST_PAUSE)
        return DeliveryOutcome("waiting", None, self._clock.now() + timedelta(seconds=pause))
