"""The checks of the outbox: waiting and failed messages, and what to do about them."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.language import gettext as _
from bot.language import later
from bot.operations.check.result import CheckResult
from bot.service.clock import Clock
from bot.settings import Settings
from storage.messages import outbox, outcomes

LATE = timedelta(minutes=20)  # sending 15,000 messages takes less
LOOKED_BACK = timedelta(days=7)

# By state or reason: whether it is fine, and the advice.
_TROUBLES = {
    "failed": (False, later("not sent again; the log says which")),
    "uncertain": (
        True,
        later("perhaps arrived, so not sent again; whoever waits for one sends /start"),
    ),
    "unreachable": (True, later("they blocked the bot or left Telegram; telephone them")),
}


def messages(tx: Connection, settings: Settings) -> list[CheckResult]:
    """Return the counts by state, and one result for each problem of the last days."""
    now = Clock().now()
    counts = outbox.counts(tx)
    by_state = ", ".join(f"{count} {_(state)}" for state, count in sorted(counts.items()))
    found = [CheckResult("messages", ok=True, text=by_state or _("none"))]
    due = outbox.next_due(tx)
    if due is not None:
        found.append(_waiting(due.astimezone(settings.timezone), late=now - due > LATE))
    ended = outcomes.not_delivered(tx, now - LOOKED_BACK)
    for what, (ok, advice) in _TROUBLES.items():
        some = [one for one in ended if what in {one.state, one.reason}]
        if some:
            text = _(
                "{some} in the last {days} days; {advice}",
                some=_listed(some),
                days=LOOKED_BACK.days,
                advice=_(advice),
            )
            found.append(CheckResult(f"messages {what}", ok=ok, text=text))
    return found


def _waiting(due: datetime, *, late: bool) -> CheckResult:
    since = f"{due:%Y-%m-%d %H:%M}"
    if late:
        text = _(
            "some wait since {since}; does `run` run and reach Telegram? Its log says", since=since
        )
        return CheckResult("messages waiting", ok=False, text=text)
    return CheckResult(
        "messages waiting", ok=True, text=_("the next is due at {since}", since=since)
    )


def _listed(some: Iterable[outcomes.NotDelivered]) -> str:
    counts: Counter[str] = Counter()
    for one in some:
        counts[f"{one.kind}, {one.reason or one.state}"] += one.count
    return "; ".join(f"{count} ({what})" for what, count in counts.most_common())
