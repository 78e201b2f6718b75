"""`/status`: the result of a commune in one screen, and the screens behind its buttons."""

from handlers.status.commands import (
    export_command,
    status_command,
    status_typed,
    suppose_command,
    why_command,
)
from handlers.status.loading import load_status
from handlers.status.machine import status_fields
from handlers.status.routing import status_press

__all__ = [
    "export_command",
    "load_status",
    "status_command",
    "status_fields",
    "status_press",
    "status_typed",
    "suppose_command",
    "why_command",
]
