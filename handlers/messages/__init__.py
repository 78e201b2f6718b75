"""Messages from the outbox: reminders, notices and other messages that are not replies."""
