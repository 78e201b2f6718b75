"""Structured logs without secrets: tokens, phone numbers and passwords are removed from each line.

People's texts never get into a log: traces contain no messages of exceptions, and libraries that
log requests, parameters or SQL stay at WARNING regardless of LOG_LEVEL.
"""

import asyncio
import errno
import io
import logging
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterable
from typing import Any, TextIO

import structlog

from bot.operations.log_writer import LogWriter
from storage.errors import DiskFull
from storage.masking import PHONE

# A bot token, also percent-encoded.
_TOKEN = re.compile(r"\d+(?::|%3A)[\w-]{30,}", re.ASCII | re.IGNORECASE)

# The token of a signed URL.
_ADDRESS = re.compile(r"(?<=/f/)[\w-]{52}", re.ASCII)

# These log addresses with the token, message texts, SQL with values, or a photo's location.
VERBOSE_LIBRARIES = (
    "httpx", "httpcore", "aiohttp", "aiosqlite", "sqlalchemy", "apscheduler", "uvicorn", "asyncio",
    "alembic", "PIL",
)  # fmt: skip
# python-telegram-bot logs whole responses that it can't parse; they may contain people's texts.
SILENT = "telegram"


LINES_PER_EVENT = 100  # in PERIOD seconds; further lines are counted
PERIOD = 10.0


class _Limit(logging.Filter):
    """Limits the lines of one event per period; the next period logs how many were dropped."""

    def __init__(self) -> None:
        super().__init__()
        self._began = float("-inf")
        self._counts: Counter[str] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether to write the line."""
        now = time.monotonic()
        if now - self._began > PERIOD:
            dropped = {c: n - LINES_PER_EVENT for c, n in self._counts.items()}
            self._began = now
            self._counts.clear()
            for cause, number in dropped.items():
                if number > 0:
                    log = structlog.get_logger(__name__)
                    log.warning("lines were left out", cause=cause, lines=number)
        cause = f"{record.name}: {_event_of(record)}"
        self._counts[cause] += 1
        return self._counts[cause] <= LINES_PER_EVENT


def _event_of(record: logging.LogRecord) -> str:
    """Return the line's event, without its fields."""
    given: object = record.msg
    return str(given.get("event") if isinstance(given, dict) else given)[:80]


class _Redacting(structlog.stdlib.ProcessorFormatter):
    """Removes secrets from the finished line, including traces of other libraries."""

    secrets: tuple[str, ...] = ()

    def format(self, record: logging.LogRecord) -> str:
        """Return the line without secrets."""
        return redact(super().format(record), self.secrets)


def redact(line: str, secrets: Iterable[str] = ()) -> str:
    """Return the line without tokens, phone numbers and the given secrets."""
    # Secrets of the settings first, because a password can contain a number like a phone number.
    for secret in secrets:
        line = line.replace(secret, "[secret]")
    return PHONE.sub("[phone]", _ADDRESS.sub("[token]", _TOKEN.sub("[token]", line)))


def trace(error: BaseException) -> str:
    """Return the trace with the types of the errors, without their messages."""
    lines: list[str] = []
    seen: set[int] = set()
    present: BaseException | None = error
    while present is not None and id(present) not in seen:
        seen.add(id(present))
        frames = "".join(traceback.format_tb(present.__traceback__))
        lines.insert(0, f"{frames}{type(present).__module__}.{type(present).__qualname__}")
        present = present.__cause__ or (
            None if present.__suppress_context__ else present.__context__
        )
    return "\n-- then --\n".join(lines)


def _without_messages(
    _logger: object, _name: str, event: structlog.types.EventDict
) -> structlog.types.EventDict:
    """Replace `exc_info` by a trace without messages, also for lines of libraries."""
    found = event.pop("exc_info", None)
    error = found[1] if isinstance(found, tuple) else found
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["exception"] = trace(error)
    return event


def log_loop_error(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log an error that no task caught; asyncio's own line would quote the exception."""
    log = structlog.get_logger(__name__)
    error = context.get("exception")
    if isinstance(error, OSError) and error.errno in {errno.EMFILE, errno.ENFILE}:
        log.error("too many open files", what=str(context.get("message", ""))[:80])
    elif isinstance(error, BaseException):
        report(log, "not caught", error)
    else:
        log.error("not caught", what=str(context.get("message", ""))[:80])


def report(log: Any, event: str, error: BaseException, **fields: object) -> None:  # noqa: ANN401
    """Log a failure with its trace, but without the error's message.

    For a full disk it logs a sentence that names the disk, because that is no bug.
    """
    if isinstance(error, DiskFull):
        log.error(event, **fields, why=f"DiskFull: {error}")
    else:
        log.error(event, **fields, exception=trace(error))


def configure(
    level: str = "INFO",
    form: str = "console",
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Set up logging for the process: to `stream`, else to standard error from a thread."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,  # tests configure logging more than once
    )
    formatter = _Redacting(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _without_messages,
            renderer,
        ],
    )
    formatter.secrets = tuple(secret for secret in secrets if secret)
    handler = _handler(stream)
    handler.setFormatter(formatter)
    handler.addFilter(_Limit())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger(SILENT).setLevel(logging.CRITICAL)
    for name in VERBOSE_LIBRARIES:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))


def _handler(stream: TextIO | None) -> logging.Handler:
    if stream is not None:
        return logging.StreamHandler(stream)
    if sys.stderr is None:  # it was closed at the start, and 2 may be another file's descriptor
        return logging.NullHandler()
    try:
        return LogWriter(sys.stderr.fileno())
    except io.UnsupportedOperation:  # a replacement without a file descriptor
        return logging.StreamHandler(sys.stderr)
