"""The end of a message that is not an answer: "gửi luôn" (send at once), "xong" (done)."""

from functools import cache

from criteria.reading.whole_report.message import TypedReport, longest
from criteria.reading.words import command_vocabulary as commands
from criteria.reading.words.phrase_book import PhraseBook
from criteria.reading.words.vocabulary import phrases, section

_LONGEST = 12  # tokens
_LONGEST_WISH = 6  # "gửi báo cáo lên xã ạ"
_AFTER = frozenset({"có", "rồi", "ạ", "nhé"})  # the last word of an answer before "xong"


def sending_from(message: TypedReport, end: int) -> int:
    """Return the token at which "gửi luôn" begins before `end`, or `end` if it is not there."""
    for at in range(max(1, end - _LONGEST), end):
        if _is_all(message, at, end, "send") and _is_asked_for(message, at, end):
            return at
    return end


def is_sending(message: TypedReport, end: int) -> bool:
    """Return whether the message up to `end` asks to send, not only states that it is sent."""
    return any(
        _is_all(message, at, end, "send") and _is_asked_for(message, at, end)
        for at in range(min(end, _LONGEST))
    )


def done_from(message: TypedReport, end: int) -> int:
    """Return the token at which "xong" begins after an answer, or `end`; "xong" sends nothing."""
    for at in range(max(1, end - _LONGEST), end):
        answered = message.is_number(at - 1) or not message.words_at(at - 1).isdisjoint(_AFTER)
        if answered and _is_all(message, at, end, "done"):
            return at
    return end


def _is_all(message: TypedReport, at: int, end: int, command: str) -> bool:
    """Return whether only this command and polite words remain up to `end`."""
    if command not in longest(_book(), message.tokens, at, end)[0]:
        return False
    while at < end:
        if message.tokens[at].kind == "sign" and message.text_at(at) != "?":
            at += 1
            continue
        length = longest(_book(), message.tokens, at, end)[1]
        if not length:
            return False
        at += length
    return True


def _is_asked_for(message: TypedReport, at: int, end: int) -> bool:
    """Return whether sending is requested: "gửi luôn", "bác gửi giúp em", but not "em gửi bác"."""
    if any(message.has(place, "urgent") for place in range(at, end)):
        return True
    return not message.has(at - 1, "writer") and end - at <= _LONGEST_WISH


@cache
def _book() -> PhraseBook:
    common = section("common")
    around = [
        phrase for part in ("polite", "vocative", "person", "filler") for phrase in common[part]
    ]
    return PhraseBook(
        {
            "send": phrases(commands.COMMANDS["send"]),
            "done": phrases(commands.COMMANDS["done"]),
            "around": (*phrases(commands.AROUND), *around),
        }
    )
