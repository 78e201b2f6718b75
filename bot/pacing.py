"""How fast messages may go out: arithmetic on a monotonic time that is handed in, nothing else.

Replies go at once and are only counted; the mass goes evenly in what they leave. Telegram doesn't
publish its limit, so the pace looks for it: it grows slowly and falls after a refusal.
"""

from collections import OrderedDict, deque

START = 25.0  # calls a second
FASTEST = 27.0  # Telegram asks for no more than about 30; evenly sent, 28 is refused now and then
SLOWEST = 5.0
GROWTH = 1 / 60  # calls a second, more in each second that goes well
AFTER_REFUSAL = 0.8
MASS_AT_LEAST = 1.0  # a second, however many replies there are
CHAT_GAP = 1.0  # seconds between whatever a chat got and its next mass message
SAME_CHAT = 3.0  # seconds; what a chat got within them explains a refusal
HEARD_FOR = 3.0  # seconds; older news of other workers is no news
HEARSAY = 0.5  # seconds by which the end of a pause may differ from worker to worker


class Pacing:
    """The pace of one bot. Times are in seconds of one monotonic clock and never go back."""

    def __init__(self, chat_gap: float = CHAT_GAP, rate: float = START) -> None:
        self.rate = rate  # of all calls together
        self._chat_gap = chat_gap
        self._mass_at = float("-inf")  # when the mass went last
        self._replies: deque[float] = deque()  # of the last second
        # A chat's last call and the one before; the longest silent first.
        self._calls: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._all_until = float("-inf")
        self._chats_until: dict[str, float] = {}
        self._turn_at = float("-inf")  # the next turn after a pause, by and by taken by replies
        self._told_until = float("-inf")  # as Telegram told this worker, not another one
        self._others = (float("-inf"), 0)  # when heard, and what other workers used in a second

    # --- replies ----------------------------------------------------------------------------

    def paused(self, now: float, chat: str | None = None) -> float:
        """Seconds that Telegram still wants to be left alone (by this chat)."""
        until = max(self._all_until, self._chats_until.get(chat or "", now))
        return max(until - now, 0.0)

    def reply_wait(self, now: float, chat: str | None) -> float:
        """Seconds until a reply may go: 0, or when a pause ends.

        Those who wait for the end of a pause get turns, so that they don't all come at once; after
        its turn a reply only looks whether another pause has begun.
        """
        turn = max(self._turn_at, self._all_until)
        alone = self._chats_until.get(chat or "", now)
        if turn <= now or alone > turn:
            return max(alone - now, 0.0)
        self._turn_at = turn + 1 / self.rate
        return turn - now

    def replied(self, now: float, chat: str | None = None) -> None:
        """Count the call of a reply that goes now."""
        self._replies.append(now)
        self._forget(now)  # for days there may be no mass that does it
        self._note(now, chat)

    def used(self, now: float) -> int:
        """The replies of the last second."""
        self._forget(now)
        return len(self._replies)

    # --- the mass ---------------------------------------------------------------------------

    def mass_wait(self, now: float) -> float:
        """Seconds until the mass may go on; 0 when it may."""
        free_at = max(self._all_until, self._turn_at, self._mass_at + self._gap(now))
        return max(free_at - now, 0.0)

    def chat_wait(self, now: float, chat: str) -> float:
        """Seconds until the mass may go to this chat, as far as others needn't wait for it."""
        last, _ = self._calls.get(chat, (float("-inf"), 0.0))
        return max(self._chats_until.get(chat, now), last + self._chat_gap, now) - now

    def take(self, now: float, chat: str) -> None:
        """Count a mass message that goes now."""
        if now - self._mass_at < 2 * self._gap(now):  # only a pace that is used has been tried
            self.rate = min(self.rate + GROWTH * (now - self._mass_at), max(FASTEST, self.rate))
        self._mass_at = now
        self._note(now, chat)

    # --- refusals ---------------------------------------------------------------------------

    def refused(self, now: float, chat: str | None, seconds: float) -> None:
        """Telegram refused a call and wants to be left alone for so many seconds.

        It doesn't say by whom: by the chat, when that has got several calls; otherwise by all.
        """
        if chat is not None and self._crowded(now, chat):
            self._chats_until = {c: until for c, until in self._chats_until.items() if until > now}
            self._chats_until[chat] = max(now + seconds, self._chats_until.get(chat, now))
            return
        self._told_until = max(self._told_until, now + seconds)
        self._leave_alone(now, seconds)

    def _leave_alone(self, now: float, seconds: float) -> None:
        if now >= self._all_until:  # else it was on its way when another one was refused
            self.rate = max(self.rate * AFTER_REFUSAL, min(SLOWEST, self.rate))
        self._all_until = max(self._all_until, now + seconds)
        self._turn_at = max(self._turn_at, self._all_until)

    # --- other workers ----------------------------------------------------------------------

    def told(self, now: float) -> float:
        """Seconds for which Telegram still wants to be left alone, as it told this worker."""
        return max(self._told_until - now, 0.0)

    def heard(self, now: float, replies: int, pause: float) -> None:
        """What the other workers used in a second, and for how long they were told to wait."""
        self._others = now, replies
        if pause > self.paused(now) + HEARSAY:
            self._leave_alone(now, pause)

    def _crowded(self, now: float, chat: str) -> bool:
        """Whether the chat got something shortly before the call that was refused."""
        _, before = self._calls.get(chat, (now, float("-inf")))
        return before > now - SAME_CHAT

    def _gap(self, now: float) -> float:
        """Seconds from one mass message to the next, by what replies used in the last second."""
        heard, others = self._others
        used = self.used(now) + (others if heard > now - HEARD_FOR else 0)
        return 1 / max(self.rate - used, MASS_AT_LEAST)

    def _forget(self, now: float) -> None:
        while self._replies and self._replies[0] <= now - 1:
            self._replies.popleft()

    def _note(self, now: float, chat: str | None) -> None:
        if chat is not None:
            last, _ = self._calls.pop(chat, (float("-inf"), 0.0))
            self._calls[chat] = (now, last)
        while self._calls and next(iter(self._calls.values()))[0] <= now - SAME_CHAT:
            self._calls.popitem(last=False)
