"""Why the result is another one: two days compared, in the sentences of the chat."""

from datetime import date, datetime, time
from typing import Any

from bot.board.pages import Looking, page_of
from bot.board.results.heading import heading
from handlers.status.changes import DAYS, Days, change_lines, changed, day_before
from handlers.status.loading import RoundStatus, load_status_before

_LAST_OF_DAY = time(23, 59, 59)


@page_of(changed, "why.html", tab="status.button.why", place=50, live=True)
def why(looking: Looking, status: RoundStatus, days: Days) -> dict[str, Any]:
    """What changed from the end of one day to the end of another, or to now."""
    zone, now = looking.context.deployment.zone, looking.context.now
    today = now.astimezone(zone).date()
    from_, to = _day(looking.given.get("from")), _day(looking.given.get("to"))
    first = day_before(now, days, zone)
    if from_ is not None:
        first = datetime.combine(from_, _LAST_OF_DAY, zone)
    before = load_status_before(looking.context.tx, status, min(first, now))
    after = status
    if to is not None and to < today:
        end = datetime.combine(to, _LAST_OF_DAY, zone)
        after = load_status_before(looking.context.tx, status, max(end, before.as_of))
    texts = looking.texts
    return {
        **heading(looking, status),
        "lines": change_lines(before, after, texts),
        "between": texts.say(
            "board.between",
            before=texts.time(before.as_of, zone),
            after=texts.time(after.as_of, zone),
        ),
        "from_day": before.as_of.astimezone(zone).date().isoformat(),
        "to_day": after.as_of.astimezone(zone).date().isoformat(),
        "today": today.isoformat(),
        "here": looking.link(changed, status),
        "days": [
            (texts.say("why.days", count=one), looking.link(changed, status, one)) for one in DAYS
        ],
    }


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        return None
