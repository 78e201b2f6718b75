"""The webhook that the bot has set, and the results of deliveries to it."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Webhook:
    """The webhook's address and the results of deliveries."""

    url: str = ""
    secret: str | None = None
    max_connections: int = 40
    last_error: str | None = None
    last_error_at: int | None = None
    allowed: list[str] = field(default_factory=list)

    def described(self, pending: int) -> dict[str, Any]:
        """The Bot API's WebhookInfo."""
        info: dict[str, Any] = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": pending,
        }
        if self.url:
            info["max_connections"] = self.max_connections
        if self.last_error is not None:
            info |= {
                "last_error_date": self.last_error_at,
                "last_error_message": self.last_error,
            }
        if self.allowed:
            info["allowed_updates"] = self.allowed
        return info
