"""One reply to the photos and files of an album, which come as a message each."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.flow.channel import Reply, Screen


def reply_to_album(replies: Sequence[Reply]) -> Reply:
    """The last reply, with the sentences that only earlier ones say above its screen.

    So the warning before the first photo, and what was refused in the midst, is told once.
    """
    last = replies[-1]
    earlier = [one for reply in replies[:-1] for one in reply.says]
    untold = [one for one in dict.fromkeys(earlier) if one not in last.says]
    if not untold or not last.shown:
        return last
    shown = last.shown[-1]
    text = "\n\n".join([*untold, shown.screen.text])
    screen = Screen(text, shown.screen.rows)
    return replace(last, shown=(*last.shown[:-1], replace(shown, screen=screen)))
