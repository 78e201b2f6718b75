"""How fast messages may go out: arithmetic on a monotonic time that is handed in, nothing else.

Replies go at once and are only counted; bulk messages go evenly in what they leave. Telegram
doesn't publish its limit, so the pace looks for it: it grows slowly and falls after a refusal. A
refusal counts for its method and chat; for everything only when different chats were refused.
"""

from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass

START = 25.0  # calls a second
FASTEST = 27.0  # Telegram asks for no more than about 30; evenly sent, 28 is refused now and then
SLOWEST = 5.0
GROWTH = 1 / 60  # calls a second, more in each second that goes well
AFTER_REFUSAL = 0.8
BULK_AT_LEAST = 1.0  # a second, however many replies there are
CHAT_GAP = 1.0  # seconds between whatever a chat got and its next bulk message
SAME_CHAT = 3.0  # seconds; what a chat got within them explains a refusal
DIFFERENT_CHATS = 2  # so many that were refused within SAME_SPELL seconds: all wait
SAME_SPELL = 3.0
LONG = 60.0  # seconds; in a longer pause one call goes each so often, to see whether it still holds
# Nobody waits for them: a refusal says nothing about replies.
UNAWAITED = frozenset(
    {"setMyCommands", "answerCallbackQuery", "editMessageReplyMarkup", "sendChatAction"}
)
MESSAGE = "sendMessage"  # what a bulk message is
HEARD_FOR = 3.0  # seconds; older news of other workers is no news
HEARSAY = 0.5  # seconds by which the end of a pause may differ from worker to worker


@dataclass(slots=True)
class _Pause:
    """Telegram wants to be left alone; in a long pause one call goes at `probe_at`."""

    since: float = float("-inf")
    until: float = float("-inf")
    probe_at: float = float("inf")

    def extend(self, now: float, until: float) -> None:
        """Begin it, or let it last longer."""
        if now >= self.until:
            self.since = now
        self.until = max(self.until, until)
        self.probe_at = now + LONG

    def left(self, now: float) -> float:
        """Seconds until something may go: all, or one call that tries whether it still holds."""
        return max(min(self.until, self.probe_at) - now, 0.0)

    def probe(self, now: float) -> bool:
        """Whether the call that goes now is such a try; the next one goes later."""
        if not self.probe_at <= now < self.until:
            return False
        self.probe_at = now + LONG
        return True

    def disproved(self, began: float) -> bool:
        """Whether a call that began then, and was taken, shows that it is over."""
        return self.since <= began < self.until


class Pacing:
    """The pace of one bot. Times are in seconds of one monotonic clock and never go back."""

    def __init__(self, chat_gap: float = CHAT_GAP, rate: float = START) -> None:
        self.rate = rate  # of all calls together
        self._chat_gap = chat_gap
        self._bulk_at = float("-inf")  # when the last bulk message went
        self._replies: deque[float] = deque()  # of the last second
        # A chat's last call and the one before; the longest silent first.
        self._calls: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._all = _Pause()
        self._pauses: dict[tuple[str, str | None], _Pause] = {}  # by method and chat
        self._refused: dict[str, float] = {}  # chats of this spell, and until when each waits
        self._refused_at = float("-inf")
        self._disproved_until = float("-inf")  # the end of a pause that was over before
        self._turn_at = float("-inf")  # the next turn after a pause, by and by taken by replies
        self._told_until = float("-inf")  # as Telegram told this worker, not another one
        self._others = (float("-inf"), 0)  # when heard, and what other workers used in a second

    # --- replies ----------------------------------------------------------------------------

    def paused(self, now: float, method: str, chat: str | None) -> float:
        """Seconds for which Telegram still wants to be left alone by such calls."""
        own = self._pauses.get((method, chat))
        return max(self._all.until - now, own.until - now if own else 0.0, 0.0)

    def all_paused(self, now: float) -> float:
        """Seconds for which Telegram still wants to be left alone by everything."""
        return max(self._all.until - now, 0.0)

    def reply_wait(self, now: float, method: str, chat: str | None) -> float:
        """Seconds until a reply may go: 0, or when a pause ends.

        Those who wait for the end of a pause get turns, so that they don't all come at once; after
        its turn a reply only looks whether another pause has begun. In a long pause one goes now
        and then, to see whether it still holds.
        """
        own = self._pauses.get((method, chat))
        if own is not None and not own.probe(now) and own.until > max(now, self._all.until):
            return own.until - now
        if _tells(method, chat) and self._all.probe(now):
            return 0.0
        context = max(self._turn_at, self._all.until)
        if context <= now:
            return 0.0
        self._turn_at = context + 1 / self.rate
        return context - now

    def replied(self, now: float, chat: str | None = None) -> None:
        """Count the call of a reply that goes now."""
        self._replies.append(now)
        self._forget(now)  # for days there may be no bulk messages that do it
        self._note(now, chat)

    def used(self, now: float) -> int:
        """The replies of the last second."""
        self._forget(now)
        return len(self._replies)

    # --- bulk messages ---------------------------------------------------------------------------

    def bulk_wait(self, now: float) -> float:
        """Seconds until bulk messages may go on; 0 when it may."""
        free_at = max(self._all.until, self._turn_at)
        if self._all.probe_at < self._all.until:
            free_at = self._all.probe_at
        return max(free_at - now, self._bulk_at + self._gap(now) - now, 0.0)

    def chat_wait(self, now: float, chat: str) -> float:
        """Seconds until bulk messages may go to this chat, as far as others needn't wait for it."""
        last, _ = self._calls.get(chat, (float("-inf"), 0.0))
        own = self._pauses.get((MESSAGE, chat))
        return max(own.left(now) if own else 0.0, last + self._chat_gap - now, 0.0)

    def take(self, now: float, chat: str) -> None:
        """Count a bulk message that goes now."""
        if now - self._bulk_at < 2 * self._gap(now):  # only a pace that is used has been tried
            self.rate = min(self.rate + GROWTH * (now - self._bulk_at), max(FASTEST, self.rate))
        self._bulk_at = now
        self._all.probe(now)
        if (own := self._pauses.get((MESSAGE, chat))) is not None:
            own.probe(now)
        self._note(now, chat)

    # --- refusals ---------------------------------------------------------------------------

    def refused(self, now: float, method: str, chat: str | None, seconds: float) -> bool:
        """Telegram refused a call and wants to be left alone for so many seconds.

        It doesn't say by whom. This method waits in this chat; everything (True) when another chat
        was refused just before, unless the chat had got several calls, which explain it.
        """
        self._pauses = {key: one for key, one in self._pauses.items() if one.until > now}
        own = self._pauses.setdefault((method, chat), _Pause())
        own.extend(now, now + seconds)
        if chat is None or not _tells(method, chat) or self._crowded(now, chat):
            return False
        if now > self._refused_at + SAME_SPELL:
            self._refused.clear()
        self._refused_at = now
        self._refused = {one: until for one, until in self._refused.items() if until > now}
        self._refused[chat] = own.until
        if len(self._refused) < DIFFERENT_CHATS:
            return False
        until = min(self._refused.values())  # if one of them was meant alone, the others needn't
        self._told_until = max(self._told_until, until)
        self._leave_alone(now, until)
        return True

    def taken(self, began: float, now: float, method: str, chat: str | None) -> float:
        """Telegram took a call that began then: a pause in which that was is over.

        Gives for how many seconds more it would have lasted; 0 where there was none.
        """
        saved = 0.0
        own = self._pauses.get((method, chat))
        if own is not None and own.disproved(began):
            saved = own.until - now
            del self._pauses[method, chat]
        if _tells(method, chat) and self._all.disproved(began):
            saved = max(saved, self._all.until - now)
            self._disproved_until = self._all.until
            # What was refused in the same spell was refused for everything.
            spell = self._all.since - SAME_SPELL
            self._pauses = {key: one for key, one in self._pauses.items() if one.since < spell}
            self._all, self._turn_at, self._told_until = _Pause(), now, now
            self._refused.clear()
        return saved

    def pauses(self, now: float) -> Iterator[tuple[str | None, int, float]]:
        """The pauses that hold: the method (None: all), in how many chats, seconds that are left.

        0 chats: the method waits wherever it is called.
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

    def _leave_alone(self, now: float, until: float) -> None:
        if now >= self._all.until:  # else it was on its way when another one was refused
            self.rate = max(self.rate * AFTER_REFUSAL, min(SLOWEST, self.rate))
        self._all.extend(now, until)
        self._turn_at = max(self._turn_at, self._all.until)

    # --- other workers ----------------------------------------------------------------------

    def told(self, now: float) -> float:
        """Seconds for which Telegram still wants to be left alone, as it told this worker."""
        return max(self._told_until - now, 0.0)

    def heard(self, now: float, replies: int, pause: float) -> None:
        """What the other workers used in a second, and for how long they were told to wait."""
        self._others = now, replies
        known = max(self._all.until, self._disproved_until, now)
        if now + pause > known + HEARSAY:
            self._leave_alone(now, now + pause)

    def _crowded(self, now: float, chat: str) -> bool:
        """Whether the chat got something shortly before the call that was refused."""
        _, before = self._calls.get(chat, (now, float("-inf")))
        return before > now - SAME_CHAT

    def _gap(self, now: float) -> float:
        """Seconds from one bulk message to the next, by what replies used in the last second."""
        heard, others = self._others
        used = self.used(now) + (others if heard > now - HEARD_FOR else 0)
        return 1 / max(self.rate - used, BULK_AT_LEAST)

    def _forget(self, now: float) -> None:
        while self._replies and self._replies[0] <= now - 1:
            self._replies.popleft()

    def _note(self, now: float, chat: str | None) -> None:
        if chat is not None:
            last, _ = self._calls.pop(chat, (float("-inf"), 0.0))
            self._calls[chat] = (now, last)
        while self._calls and next(iter(self._calls.values()))[0] <= now - SAME_CHAT:
            self._calls.popitem(last=False)


def _tells(method: str, chat: str | None) -> bool:
    """Whether what becomes of such a call says something about all the others."""
    return chat is not None and method not in UNAWAITED
