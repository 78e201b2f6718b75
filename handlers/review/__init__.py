"""What the office does with what came in: accept, return, correct, settle totals, enter for areas.

`pressed` takes all presses whose action begins with "v.", `typed` what is typed on these screens.
"""

from handlers.review.routing import command, named, pressed, typed

__all__ = ["command", "named", "pressed", "typed"]
