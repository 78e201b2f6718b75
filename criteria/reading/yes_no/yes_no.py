"""Reading yes or no: "có", "chưa", and the many other forms of them."""

from collections.abc import Sequence

from criteria.reading.decision import Decision, first_that_decides
from criteria.reading.outcome import NO, YES, ask, clear, commanded, confirm
from criteria.reading.words.tokens import Token
from criteria.reading.yes_no.sentence import sentence
from criteria.reading.yes_no.yes_no_rules import RULES

_THUMBS_UP = frozenset("👍✅👌🆗✔☑🙆💯")
_THUMBS_DOWN = frozenset("❌👎🚫✖❎🙅⛔✗✘")


def read_yes_no(tokens: Sequence[Token]) -> Decision:
    """Read a reply to "Có … không?"."""
    words = [t for t in tokens if t.kind != "sign"]
    if not words:
        return _picture(tokens)
    if all(t.kind == "number" for t in words):
        return _figure(words)
    decision = first_that_decides(RULES, sentence(tokens))
    return decision or Decision(ask("not_understood"), ())


def _figure(words: Sequence[Token]) -> Decision:
    """Read a digit: 1 = Có, 2 = Chưa; some people write 0 for "không"."""
    number = words[0].text if len(words) == 1 and not words[0].odd else ""
    reading = {"1": clear(YES), "2": clear(NO), "0": confirm(NO, "short_no")}.get(number)
    return Decision(reading or ask("yes_no_expected"), ("figure_alone",))


def _picture(tokens: Sequence[Token]) -> Decision:
    up = any(t.text in _THUMBS_UP for t in tokens)
    down = any(t.text in _THUMBS_DOWN for t in tokens)
    if any(t.text == "?" for t in tokens):
        reading = commanded("help")
    elif up == down:
        reading = ask("empty")
    else:
        reading = confirm(YES, "weak_yes") if up else confirm(NO, "short_no")
    return Decision(reading, ("picture_alone",))
