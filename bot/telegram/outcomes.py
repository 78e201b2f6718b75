"""How a call to Telegram ended, as the metrics count it."""

from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.operations.metrics import OTHER
from bot.telegram.transport import never_arrived, refused_by_server


def outcome_of(error: TelegramError | TimeoutError) -> str:
    """The result of a failed call, as a label."""
    match error:
        case RetryAfter():
            return "too_many_requests"
        case Forbidden():
            return "forbidden"
        case InvalidToken():
            return "unauthorized"
        case Conflict():
            return "conflict"
        case BadRequest():
            return "bad_request"
        case NetworkError() if never_arrived(error):
            return "not_connected"
        case TimedOut() | TimeoutError():
            return "timed_out"
        case NetworkError():
            return "server_error" if refused_by_server(error) else "connection_lost"
    return OTHER
