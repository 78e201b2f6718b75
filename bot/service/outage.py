"""While Telegram isn't reached: growing pauses for bulk messages, so that nothing is hammered."""

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0  # seconds


class Outage:
    """Begins with a failed call, ends when a message gets through. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._failures = 0
        self._until = float("-inf")

    @property
    def doubtful(self) -> bool:
        """Whether nothing has got through since the last failure."""
        return self._failures > 0

    @property
    def pause(self) -> float:
        """Seconds of the present pause."""
        return min(FIRST_PAUSE * 2 ** (self._failures - 1), LONGEST_PAUSE) if self._failures else 0

    def wait(self, now: float) -> float:
        """Seconds until it is worth another try."""
        return max(self._until - now, 0.0)

    def failed(self, now: float) -> None:
        """A call failed; what fails during the pause was on its way before."""
        if now >= self._until:
            self._failures += 1
            self._until = now + self.pause

    def over(self) -> None:
        """A message got through."""
        self._failures = 0
        self._until = float("-inf")
