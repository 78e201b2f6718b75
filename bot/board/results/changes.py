"""The page that compares the results of two days, in the sentences of the chat."""

from datetime import date, datetime, time
from typing import Any

from bot.board.pages import PageRequest, page_of
from bot.board.results.heading import heading
from handlers.status.changes import DAYS, Days, change_lines, changed, day_before
from handlers.status.loading import RoundStatus, load_status_before

_LAST_OF_DAY = time(23, 59, 59)


@page_of(changed, "why.html", tab="status.button.why", place=50, live=True)
def why(request: PageRequest, status: RoundStatus, days: Days) -> dict[str, Any]:
    """Show what changed from the end of one day to the end of another, or to now."""
    zone, now = request.context.deployment.zone, request.context.now
    today = now.astimezone(zone).date()
    from_, to = _day(request.query.get("from")), _day(request.query.get("to"))
    first = day_before(now, days, zone)
    if from_ is not None:
        first = datetime.combine(from_, _LAST_OF_DAY, zone)
    before = load_status_before(request.context.tx, status, min(first, now))
    after = status
    if to is not None and to < today:
        end = datetime.combine(to, _LAST_OF_DAY, zone)
        after = load_status_before(request.context.tx, status, max(end, before.as_of))
    texts = request.texts
    return {
        **heading(request, status),
        "lines": change_lines(before, after, texts),
        "between": texts.say(
            "board.between",
            before=texts.time(before.as_of, zone),
            after=texts.time(after.as_of, zone),
        ),
        "from_day": before.as_of.astimezone(zone).date().isoformat(),
        "to_day": after.as_of.astimezone(zone).date().isoformat(),
        "today": today.isoformat(),
        "here": request.link(changed, status),
        "days": [
            (texts.say("why.days", count=one), request.link(changed, status, one)) for one in DAYS
        ],
    }


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        return None
