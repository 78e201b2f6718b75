"""One attempt to send a message of the outbox by a Zalo bot."""

import asyncio

import structlog

from bot.operations.logs import report
from bot.sending.lane import NOT_YET, UNREACHABLE, Outcome
from bot.service.outage import Outage
from bot.zalo.channel import ZaloChannel
from bot.zalo.client import Blocked, NeverConnected, OverQuota, Uncertain, WrongToken, ZaloError
from bot.zalo.quota import Quota
from handlers.flow.channel import Screen
from storage import outbox

log = structlog.get_logger(__name__)

HELD = "quota"  # the reason of a message that waits because of the plan


class ZaloDelivery:
    """Sends a message once; connection failures are reported to `Outage`."""

    def __init__(self, bot: str, channel: ZaloChannel, quota: Quota, outage: Outage) -> None:
        self._bot = bot
        self._channel = channel
        self._quota = quota
        self._outage = outage

    async def attempt(self, row: outbox.Outgoing, address: str) -> Outcome:
        """Send once; return the result."""
        if self._quota.holds(row.kind):
            return Outcome("waiting", HELD, self._quota.again())
        try:
            landed = await self._channel.deliver(address, Screen.from_json(row.payload))
        except Blocked:
            return UNREACHABLE
        except OverQuota:
            self._quota.exceeded()
            log.warning("message held: the plan is used up", bot=self._bot, message=row.id)
            return Outcome("waiting", HELD, self._quota.again())
        except (NeverConnected, WrongToken) as error:
            self._failed(row, error)
            return NOT_YET
        except Uncertain as error:
            self._failed(row, error)
            return Outcome("uncertain", "timed_out")
        except ZaloError as error:
            log.error("message refused", message=row.id, kind=row.kind, reason=str(error))  # noqa: TRY400
            return Outcome("failed", f"refused: {error}")
        except Exception as error:  # noqa: BLE001 - a bug with one message must not stop the others
            report(log, "message failed", error, message=row.id)
            return Outcome("failed", f"bug: {type(error).__name__}")
        self._outage.over()
        return Outcome("sent", landed=landed)

    def _failed(self, row: outbox.Outgoing, error: ZaloError) -> None:
        self._outage.failed(asyncio.get_running_loop().time())
        log.warning("message not sent", bot=self._bot, message=row.id, reason=str(error))
