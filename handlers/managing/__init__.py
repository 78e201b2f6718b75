"""What officers manage from the telephone: people, invitations and rounds; and leaving, for all."""

from handlers.managing.routing import AWAITS, command, manages, pressed, typed

__all__ = ["AWAITS", "command", "manages", "pressed", "typed"]
