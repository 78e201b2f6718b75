"""Messages on their way in and out: inbox, outbox, notices, and how many were sent."""
