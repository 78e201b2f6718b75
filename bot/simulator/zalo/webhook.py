"""The webhook that the bot has set, what it gets beside the events, and how that went."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

PROBE = b"{}"  # nobody has said what a probe holds; only that it is no message
EMPTY = b""


@dataclass(slots=True)
class Webhook:
    """Where events are delivered. `beside` is posted before the next event."""

    url: str = ""
    secret: str = ""
    updated_at: int = 0  # milliseconds
    statuses: list[int] = field(default_factory=list)  # what each delivery was answered
    beside: deque[bytes] = field(default_factory=deque)

    def described(self) -> dict[str, Any]:
        """The answer of the methods about the webhook."""
        return {"url": self.url, "updated_at": self.updated_at}
