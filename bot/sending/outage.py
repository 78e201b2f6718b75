"""Growing pauses for bulk messages while a bot's messenger can't be reached."""

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0  # seconds


class Outage:
    """An outage starts with a failed call and ends with a sent message. Times are in seconds."""

    def __init__(self) -> None:
        self._failures = 0
        self._until = float("-inf")

    @property
    def doubtful(self) -> bool:
        """Whether no message was sent since the last failure."""
        return self._failures > 0

    @property
    def pause(self) -> float:
        """The length of the present pause in seconds."""
        return min(FIRST_PAUSE * 2 ** (self._failures - 1), LONGEST_PAUSE) if self._failures else 0

    def wait(self, now: float) -> float:
        """Return the seconds until the next attempt."""
        return max(self._until - now, 0.0)

    def failed(self, now: float) -> None:
        """Count a failed call, except during a pause, because that call began before the pause."""
        if now >= self._until:
            self._failures += 1
            self._until = now + self.pause

    def over(self) -> None:
        """End the outage, because a message was sent."""
        self._failures = 0
        self._until = float("-inf")
