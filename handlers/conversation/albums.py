"""One reply to the photos and files of an album, each of which is a message."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.flow.channel import Reply, Screen
from handlers.report.paper_sheet import offers_sheet, sent_together


def reply_to_album(replies: Sequence[Reply]) -> Reply:
    """Return the last reply, with the sentences that only earlier replies have above its screen.

    So a warning before the first photo, and a refusal in the middle, is shown once.
    """
    last = replies[-1]
    sheets = sent_together([one for reply in replies for one in reply.shown])
    if sheets is not None:
        others = [one for one in last.shown if not offers_sheet(one)]
        last = replace(last, shown=(sheets, *others))
    earlier = [one for reply in replies[:-1] for one in reply.says]
    missing = [one for one in dict.fromkeys(earlier) if one not in last.says]
    if not missing or not last.shown:
        return last
    shown = last.shown[-1]
    screen = Screen("\n\n".join([*missing, shown.screen.text]), shown.screen.rows)
    return replace(last, shown=(*last.shown[:-1], replace(shown, screen=screen)))
