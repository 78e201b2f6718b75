"""One reply to the photos and files of an album, which come as a message each."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.flow.channel import Reply, Screen
from handlers.report.paper_sheet import offers_sheet, sent_together


def reply_to_album(replies: Sequence[Reply]) -> Reply:
    """The last reply, with the sentences that only earlier ones say above its screen.

    So the warning before the first photo, and what was refused in the midst, is told once.
    """
    last = replies[-1]
    sheets = sent_together([one for reply in replies for one in reply.shown])
    if sheets is not None:
        others = [one for one in last.shown if not offers_sheet(one)]
        last = replace(last, shown=(sheets, *others))
    earlier = [one for reply in replies[:-1] for one in reply.says]
    untold = [one for one in dict.fromkeys(earlier) if one not in last.says]
    if not untold or not last.shown:
        return last
    shown = last.shown[-1]
    screen = Screen("\n\n".join([*untold, shown.screen.text]), shown.screen.rows)
    return replace(last, shown=(*last.shown[:-1], replace(shown, screen=screen)))
