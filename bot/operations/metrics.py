"""The program's metrics; docs/operations.md explains each one.

Each program has its own registry. A label has a few known values and never names a person. The
counters of frequent labels are stored, because `labels()` takes time.
"""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.metrics_core import Metric
from prometheus_client.process_collector import ProcessCollector

from bot.telegram.updates import WANTED

OTHER = "other"
# Seconds: a quick answer, a slow network, an outage.
STEPS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600)
ENDS = ("sent", "uncertain", "failed", "dropped")
NOT_SHOWN = ("unreachable", "refused", "network", "bug")


class _Registry(CollectorRegistry):
    """A registry without the `_created` samples, which would double the page."""

    def collect(self) -> Iterable[Metric]:
        for metric in super().collect():
            metric.samples = [one for one in metric.samples if not one.name.endswith("_created")]
            yield metric


class Metrics:
    """Counters that the parts of the program increase, and gauges that are set on request."""

    def __init__(self) -> None:
        self.registry = _Registry()
        ProcessCollector(registry=self.registry)
        updates = self._counter("updates", "Updates taken in from Telegram.", "kind")
        self.updates = {kind: updates.labels(kind) for kind in (*WANTED, OTHER)}
        self.set_aside = self._counter("updates_set_aside", "Updates given up after three tries.")
        self.commit_seconds = self._histogram(
            "commit_seconds", "From taking an update in until all it led to was on the disk."
        )
        self.reply_seconds = self._histogram(
            "reply_seconds", "From taking an update in until its reply was shown."
        )
        lost = self._counter("replies_not_shown", "Replies that nobody got to see.", "reason")
        self.not_shown = {reason: lost.labels(reason) for reason in NOT_SHOWN}
        ended = self._counter("messages", "Messages of the outbox that came to an end.", "state")
        self.ended = {state: ended.labels(state) for state in ENDS}
        self._calls = self._counter(
            "telegram_calls", "Calls to Telegram by how they ended.", "method", "outcome"
        )
        self._bound: dict[tuple[str, str], Counter] = {}
        self.answers = self._counter("answers", "Answers kept: given, changed or taken back.")
        self.database_failures = self._counter(
            "database_failures", "Groups of writes that the database itself refused."
        )
        self.taken_in_age = self._gauge(
            "taken_in_age_seconds", "Since Telegram last answered a poll, or called."
        )
        self.chats = self._gauge("chats_in_work", "Chats with something not dealt with.")
        self.writes = self._gauge("writes_waiting", "Units of work that wait for the writer.")
        self.pace = self._gauge("pace_allowed", "Calls a second that Telegram takes at present.")
        self.inbox = self._gauge("inbox_updates", "Updates that are stored and not done.", "state")
        self.outbox = self._gauge("outbox_messages", "Messages that are not sent yet.", "state")
        self.evidence = self._gauge(
            "evidence_to_fetch", "Files of evidence that Telegram hasn't given yet.", "state"
        )
        self.due = self._gauge("messages_due", "Reminders and notices whose time has come.")
        self.plans = self._gauge("rounds_to_plan", "Rounds whose next reminders aren't made yet.")
        self.database_bytes = self._gauge("database_bytes", "Size of the database.")
        self.free_bytes = self._gauge("disk_free_bytes", "Room on the disk of DATA_DIR.")
        self.ready = self._gauge("ready", "1 as /readyz says of this part, else 0.", "part")

    def called(self, method: str, outcome: str = "ok") -> None:
        """Count a call to Telegram by its method and outcome."""
        counter = self._bound.get((method, outcome))
        if counter is None:
            counter = self._bound[method, outcome] = self._calls.labels(method, outcome)
        counter.inc()

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(name, what, labels, "smart_commune", registry=self.registry)

    def _gauge(self, name: str, what: str, *labels: str) -> Gauge:
        return Gauge(name, what, labels, "smart_commune", registry=self.registry)

    def _histogram(self, name: str, what: str) -> Histogram:
        return Histogram(
            name, what, namespace="smart_commune", registry=self.registry, buckets=STEPS
        )
