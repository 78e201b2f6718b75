"""Structured logs without secrets: tokens, phone numbers, passwords are blacked out at the end.

What people write never gets into a log: traces are logged without the exceptions' messages, and
libraries that log requests, parameters or SQL are kept at WARNING whatever LOG_LEVEL says.
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
from storage.personal_data.masking import PHONE

# A token, or its secret half.
_TOKEN = re.compile(r"\d+(?::|%3A)[\w-]{30,}", re.ASCII | re.IGNORECASE)

# They log addresses with the token, message texts, SQL with its values, or where a photo was taken.
TALKATIVE = (
    "httpx", "httpcore", "aiohttp", "aiosqlite", "sqlalchemy", "apscheduler", "uvicorn", "asyncio",
    "alembic", "PIL",
)  # fmt: skip
# PTB logs a whole answer that it can't read, and that can be what people wrote.
SILENT = "telegram"


MOST_OF_A_CAUSE = 100  # lines in SPELL seconds; further ones are counted
SPELL = 10.0


class _Limit(logging.Filter):
    """Of one cause so many lines go out in a spell; the first line of the next says the rest."""

    def __init__(self) -> None:
        super().__init__()
        self._began = float("-inf")
        self._counts: Counter[str] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line goes out."""
        now = time.monotonic()
        if now - self._began > SPELL:
            left_out = {c: n - MOST_OF_A_CAUSE for c, n in self._counts.items()}
            self._began = now
            self._counts.clear()
            for cause, number in left_out.items():
                if number > 0:
                    log = structlog.get_logger(__name__)
                    log.warning("lines were left out", cause=cause, lines=number)
        cause = f"{record.name}: {_event_of(record)}"
        self._counts[cause] += 1
        return self._counts[cause] <= MOST_OF_A_CAUSE


def _event_of(record: logging.LogRecord) -> str:
    """What a line tells, without what differs from line to line."""
    given: object = record.msg
    return str(given.get("event") if isinstance(given, dict) else given)[:80]


class _Redacting(structlog.stdlib.ProcessorFormatter):
    """Blacks out secrets in the finished line, traces of other libraries included."""

    secrets: tuple[str, ...] = ()

    def format(self, record: logging.LogRecord) -> str:
        """The line as it may be written."""
        return redact(super().format(record), self.secrets)


def redact(line: str, secrets: Iterable[str] = ()) -> str:
    """The line without tokens, phone numbers and the given secrets."""
    for secret in secrets:
        line = line.replace(secret, "[secret]")
    return PHONE.sub("[phone]", _TOKEN.sub("[token]", line))


def trace(error: BaseException) -> str:
    """Where it happened and the types of the errors, without their messages."""
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
    """The trace of whoever logs an exception, libraries too, without what the exception says."""
    found = event.pop("exc_info", None)
    error = found[1] if isinstance(found, tuple) else found
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["exception"] = trace(error)
    return event


def in_the_loop(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what no task of ours caught; asyncio's own line would quote the exception."""
    log = structlog.get_logger(__name__)
    error = context.get("exception")
    if isinstance(error, OSError) and error.errno in {errno.EMFILE, errno.ENFILE}:
        log.error("too many open files", what=str(context.get("message", ""))[:80])
    elif isinstance(error, BaseException):
        report(log, "not caught", error)
    else:
        log.error("not caught", what=str(context.get("message", ""))[:80])


def report(log: Any, event: str, error: BaseException, **fields: object) -> None:  # noqa: ANN401
    """Log a failure with its trace and without what the error says."""
    log.error(event, **fields, exception=trace(error))


def configure(
    level: str = "INFO",
    form: str = "console",
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Set up logging for the whole process: by a thread on standard error, else on `stream`."""
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
        cache_logger_on_first_use=False,
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
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))


def _handler(stream: TextIO | None) -> logging.Handler:
    if stream is not None:
        return logging.StreamHandler(stream)
    if sys.stderr is None:  # it was closed at the start: its number may be another file's by now
        return logging.NullHandler()
    try:
        return LogWriter(sys.stderr.fileno())
    except io.UnsupportedOperation:  # something that stands in for it has no file
        return logging.StreamHandler(sys.stderr)
