"""Computes when messages may be sent, from monotonic times that the caller passes in.

Replies are sent at once and only counted; bulk messages are spread evenly over the remaining rate.
Telegram doesn't publish its limit, so the rate adapts: it grows slowly and falls after a refusal
(RetryAfter). A refusal pauses its method in its chat; refusals in different chats pause all calls.
"""

from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass

# The rate of all calls, in calls a second (docs/decisions/0013-own-limiter.md).
START = 25.0
FASTEST = 27.0  # at 28 there were occasional refusals where 30 are allowed in any second
SLOWEST = 5.0
GROWTH = 1 / 60  # is added in each second without a refusal
AFTER_REFUSAL = 0.8  # the rate is multiplied by it after a refusal that pauses all calls
BULK_AT_LEAST = 1.0  # a second, however many replies there are
CHAT_GAP = 1.0  # seconds between any message to a chat and its next bulk message
SAME_CHAT = 3.0  # seconds; several calls to one chat within this time explain a refusal there
DIFFERENT_CHATS = 2  # when so many are refused within SAME_SPELL seconds, all calls pause
SAME_SPELL = 3.0
LONG = 60.0  # seconds; in a longer pause one call per LONG tests whether the pause still holds
# No person waits for these calls, and their refusal means nothing for replies.
UNAWAITED = frozenset(
    {"setMyCommands", "answerCallbackQuery", "editMessageReplyMarkup", "sendChatAction"}
)
MESSAGE = "sendMessage"  # the method of a bulk message
OTHERS_VALID = 3.0  # seconds; older numbers of other workers don't count
PAUSE_TOLERANCE = 0.5  # seconds by which workers may differ about the end of the same pause


@dataclass(slots=True)
class _Pause:
    """A pause that Telegram demands; in a long one a single call is allowed at `probe_at`."""

    since: float = float("-inf")
    until: float = float("-inf")
    probe_at: float = float("inf")

    def extend(self, now: float, until: float) -> None:
        """Begin or prolong the pause."""
        if now >= self.until:
            self.since = now
        self.until = max(self.until, until)
        self.probe_at = now + LONG

    def left(self, now: float) -> float:
        """Return the seconds until the next call or probe is allowed."""
        return max(min(self.until, self.probe_at) - now, 0.0)

    def probe(self, now: float) -> bool:
        """Return whether a call made now is a probe; if so, schedule the next probe."""
        if not self.probe_at <= now < self.until:
            return False
        self.probe_at = now + LONG
        return True

    def disproved(self, began: float) -> bool:
        """Return whether the success of a call that began then proves that the pause is over."""
        return self.since <= began < self.until


class Pacing:
    """The pace of one bot. Times are in seconds of one monotonic clock and never go back."""

    def __init__(self, chat_gap: float = CHAT_GAP, rate: float = START) -> None:
        self.rate = rate  # of all calls together
        self._chat_gap = chat_gap
        self._bulk_at = float("-inf")  # the time of the last bulk message
        self._replies: deque[float] = deque()  # of the last second
        # The times of a chat's last two calls; chats with the oldest calls come first.
        self._calls: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._all = _Pause()
        self._pauses: dict[tuple[str, str | None], _Pause] = {}  # by method and chat
        self._refused: dict[str, float] = {}  # the chats refused in this spell, with their ends
        self._refused_at = float("-inf")
        self._disproved_until = float("-inf")  # the announced end of a pause that ended earlier
        self._turn_at = float("-inf")  # the next free slot for replies after a pause
        self._own_until = float("-inf")  # the end of the pause demanded from this worker
        self._others = (float("-inf"), 0)  # the time of the report, and the other workers' calls

    # --- replies ----------------------------------------------------------------------------

    def paused(self, now: float, method: str, chat: str | None) -> float:
        """Return the seconds for which such calls must still pause."""
        own = self._pauses.get((method, chat))
        return max(self._all.until - now, own.until - now if own else 0.0, 0.0)

    def all_paused(self, now: float) -> float:
        """Return the seconds for which all calls must still pause."""
        return max(self._all.until - now, 0.0)

    def reserve_reply_slot(self, now: float, method: str, chat: str | None) -> float:
        """Reserve a slot for a reply; return the seconds until then, 0 outside of pauses.

        Replies that wait for the end of a pause get consecutive slots, so that they aren't all sent
        at once. In a long pause one call per LONG seconds is allowed, to test the pause.
        """
        own = self._pauses.get((method, chat))
        if own is not None and not own.probe(now) and own.until > max(now, self._all.until):
            return own.until - now
        if _concerns_all(method, chat) and self._all.probe(now):
            return 0.0
        slot = max(self._turn_at, self._all.until)
        if slot <= now:
            return 0.0
        self._turn_at = slot + 1 / self.rate
        return slot - now

    def replied(self, now: float, chat: str | None = None) -> None:
        """Count a reply that is sent now."""
        self._replies.append(now)
        self._forget(now)  # also here, because there may be no bulk messages for days
        self._record_call(now, chat)

    def used(self, now: float) -> int:
        """Return the number of replies in the last second."""
        self._forget(now)
        return len(self._replies)

    # --- bulk messages ---------------------------------------------------------------------------

    def bulk_wait(self, now: float) -> float:
        """Return the seconds until the next bulk message may be sent; 0 if now."""
        free_at = max(self._all.until, self._turn_at)
        if self._all.probe_at < self._all.until:
            free_at = self._all.probe_at
        return max(free_at - now, self._bulk_at + self._gap(now) - now, 0.0)

    def chat_wait(self, now: float, chat: str) -> float:
        """Return the seconds until this chat may get a bulk message; others needn't wait."""
        last, _ = self._calls.get(chat, (float("-inf"), 0.0))
        own = self._pauses.get((MESSAGE, chat))
        return max(own.left(now) if own else 0.0, last + self._chat_gap - now, 0.0)

    def take(self, now: float, chat: str) -> None:
        """Count a bulk message that is sent now."""
        if now - self._bulk_at < 2 * self._gap(now):  # only a used rate is proved to be allowed
            self.rate = min(self.rate + GROWTH * (now - self._bulk_at), max(FASTEST, self.rate))
        self._bulk_at = now
        self._all.probe(now)
        if (own := self._pauses.get((MESSAGE, chat))) is not None:
            own.probe(now)
        self._record_call(now, chat)

    # --- refusals ---------------------------------------------------------------------------

    def refused(self, now: float, method: str, chat: str | None, seconds: float) -> bool:
        """Record that Telegram refused a call and demands a pause; return whether all calls pause.

        Telegram doesn't say which calls must pause, so this is a guess. The method always pauses
        in this chat. All calls pause if another chat was refused within SAME_SPELL seconds too. A
        refusal of a chat that got several calls doesn't count for that: it concerns only the chat.
        """
        self._pauses = {key: one for key, one in self._pauses.items() if one.until > now}
        own = self._pauses.setdefault((method, chat), _Pause())
        own.extend(now, now + seconds)
        if chat is None or not _concerns_all(method, chat) or self._had_other_call(now, chat):
            return False
        if now > self._refused_at + SAME_SPELL:
            self._refused.clear()
        self._refused_at = now
        self._refused = {one: until for one, until in self._refused.items() if until > now}
        self._refused[chat] = own.until
        if len(self._refused) < DIFFERENT_CHATS:
            return False
        until = min(self._refused.values())  # the longer pause may be for its chat only
        self._own_until = max(self._own_until, until)
        self._pause_all(now, until)
        return True

    def taken(self, began: float, now: float, method: str, chat: str | None) -> float:
        """Record that Telegram accepted a call that began then, and end its pause, if any.

        Return the seconds that the pause had left; 0 without a pause.
        """
        saved = 0.0
        own = self._pauses.get((method, chat))
        if own is not None and own.disproved(began):
            saved = own.until - now
            del self._pauses[method, chat]
        if _concerns_all(method, chat) and self._all.disproved(began):
            saved = max(saved, self._all.until - now)
            self._disproved_until = self._all.until
            # Refusals of the same spell belonged to this pause.
            spell = self._all.since - SAME_SPELL
            self._pauses = {key: one for key, one in self._pauses.items() if one.since < spell}
            self._all, self._turn_at, self._own_until = _Pause(), now, now
            self._refused.clear()
        return saved

    def pauses(self, now: float) -> Iterator[tuple[str | None, int, float]]:
        """Yield the current pauses: method (None: all), number of chats, seconds left.

        0 chats means that the method pauses in all chats.
        """
        if self._all.until > now:
            yield None, 0, self._all.until - now
        chats: Counter[str] = Counter()
        left: dict[str, float] = {}
        for (method, chat), one in self._pauses.items():
            if one.until > now:
                chats[method] += chat is not None
                left[method] = max(left.get(method, 0.0), one.until - now)
        for method, seconds in left.items():
            yield method, chats[method], seconds

    def _pause_all(self, now: float, until: float) -> None:
        if now >= self._all.until:  # else this call was sent before the pause began
            self.rate = max(self.rate * AFTER_REFUSAL, min(SLOWEST, self.rate))
        self._all.extend(now, until)
        self._turn_at = max(self._turn_at, self._all.until)

    # --- other workers ----------------------------------------------------------------------

    def own_pause(self, now: float) -> float:
        """Return the seconds left of the pause that Telegram demanded from this worker."""
        return max(self._own_until - now, 0.0)

    def note_other_workers(self, now: float, replies: int, pause: float) -> None:
        """Store the other workers' replies of the last second; take over their longest pause."""
        self._others = now, replies
        known = max(self._all.until, self._disproved_until, now)
        if now + pause > known + PAUSE_TOLERANCE:
            self._pause_all(now, now + pause)

    def _had_other_call(self, now: float, chat: str) -> bool:
        """Return whether the chat got another call shortly before the refused one."""
        _, before = self._calls.get(chat, (now, float("-inf")))
        return before > now - SAME_CHAT

    def _gap(self, now: float) -> float:
        """Return the seconds between two bulk messages, given the replies in the last second."""
        reported_at, others = self._others
        used = self.used(now) + (others if reported_at > now - OTHERS_VALID else 0)
        return 1 / max(self.rate - used, BULK_AT_LEAST)

    def _forget(self, now: float) -> None:
        while self._replies and self._replies[0] <= now - 1:
            self._replies.popleft()

    def _record_call(self, now: float, chat: str | None) -> None:
        if chat is not None:
            last, _ = self._calls.pop(chat, (float("-inf"), 0.0))
            self._calls[chat] = (now, last)
        while self._calls and next(iter(self._calls.values()))[0] <= now - SAME_CHAT:
            self._calls.popitem(last=False)


def _concerns_all(method: str, chat: str | None) -> bool:
    """Return whether the result of such a call can mean something for all other calls."""
    return chat is not None and method not in UNAWAITED
