"""Yes or no: "có", "chưa", and the many ways around them."""

from functools import cache

from criteria.answers import YesNo
from criteria.reading.outcome import Reading, ask, clear, commanded, confirm
from criteria.reading.phrase_book import PhraseBook
from criteria.reading.tokens import Token
from criteria.reading.yes_no_vocabulary import YES_NO_PHRASES

YES, NO = YesNo(True), YesNo(False)
_THUMBS_UP = frozenset("👍✅👌🆗✔☑🙆💯")
_THUMBS_DOWN = frozenset("❌👎🚫✖❎🙅⛔✗✘")
_LONGEST = 25  # words; a longer story is read by a person
# Of several meanings the most careful.
_CAREFUL_FIRST = (
    "but", "denial", "question", "guess", "future", "no", "yes", "agreed", "polite", "no_perhaps",
    "yes_perhaps", "topic", "noise",
)  # fmt: skip


@cache
def _book() -> PhraseBook:
    return PhraseBook(YES_NO_PHRASES)


def read_yes_no(tokens: list[Token]) -> Reading:
    """A reply to "Có … không?"."""
    words = [t for t in tokens if t.kind != "sign"]
    if not words:
        return _picture(tokens)
    if all(t.kind == "number" for t in words):
        return _figure(words)
    if any(t.number == 0 and "có" not in _next_known(tokens, n) for n, t in enumerate(tokens)):
        return ask("contradictory")  # "có 0 nhóm"
    tags = [tag for tag in _tags(tokens) if tag != "noise"]
    if any(t.text == "?" for t in tokens) or tags[-1:] == ["question"]:
        return commanded("help")
    return _judged(tags, len(words))


def _next_known(tokens: list[Token], at: int) -> frozenset[str]:
    return tokens[at + 1].known if at + 1 < len(tokens) else frozenset()


def _figure(words: list[Token]) -> Reading:
    """1 = Có, 2 = Chưa; 0 is how some write "không"."""
    if len(words) > 1 or words[0].odd:
        return ask("yes_no_expected")
    number = words[0].text
    if number in {"1", "2"}:
        return clear(YES if number == "1" else NO)
    return confirm(NO, "short_no") if number == "0" else ask("yes_no_expected")


def _picture(tokens: list[Token]) -> Reading:
    up = any(t.text in _THUMBS_UP for t in tokens)
    down = any(t.text in _THUMBS_DOWN for t in tokens)
    if any(t.text == "?" for t in tokens):
        return commanded("help")
    if up == down:
        return ask("empty")
    return confirm(YES, "weak_yes") if up else confirm(NO, "short_no")


def _tags(tokens: list[Token]) -> list[str]:
    tags: list[str] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.kind != "word":
            tags.append(_sign_or_number(tokens, at))
            at += 1
            continue
        found = _book().longest(tokens, at)
        if token.text in {"k", "ch"} and (found is None or found.length == 1):
            tags.append("no_perhaps")
            at += 1
        elif found is None:
            tags.append("unknown")
            at += 1
        else:
            tags.append(next(t for t in _CAREFUL_FIRST if t in found.tags))
            at += found.length
    return tags


def _sign_or_number(tokens: list[Token], at: int) -> str:
    token = tokens[at]
    zero_for_no = token.text == "0" and at + 1 < len(tokens) and "có" in tokens[at + 1].known
    if zero_for_no:
        return "no_perhaps"
    if token.kind == "number":
        return "topic"
    return "clash" if token.text in _THUMBS_DOWN else "noise"


def _judged(tags: list[str], length: int) -> Reading:
    answer = [tag for tag in tags if tag not in {"agreed", "polite"}]
    if tags and not answer:
        return clear(YES) if "agreed" in tags else confirm(YES, "weak_yes")
    tags, said = answer, set(answer)
    no = [n for n, t in enumerate(tags) if t in {"no", "no_perhaps"}]
    yes = [n for n, t in enumerate(tags) if t == "yes"]
    if length > _LONGEST or not said or "question" in said:
        return ask("not_understood")
    return _taken_back(said, no, yes) or _said(tags, said, no, yes)


def _taken_back(said: set[str], no: list[int], yes: list[int]) -> Reading | None:
    """Words that leave neither yes nor no standing."""
    if "denial" in said and not no:
        return ask("contradictory")
    if "future" in said and no:
        return confirm(NO, "not_yet")
    if "but" in said:
        return ask("hedged" if not (no and yes) else "contradictory")
    if "future" in said:
        return ask("hedged") if yes or "unknown" in said else confirm(NO, "not_yet")
    if "clash" in said and not no:
        return ask("contradictory")
    return None


def _said(tags: list[str], said: set[str], no: list[int], yes: list[int]) -> Reading:
    if no and (yes or "yes_perhaps" in said):
        return _both(tags, no, yes)
    if "guess" in said:
        return confirm(NO, "hedged") if no else confirm(YES, "hedged") if yes else ask("hedged")
    if no:
        return _no(tags, said)
    if yes:
        return _yes(tags, yes)
    if "yes_perhaps" in said and "unknown" not in said:
        return confirm(YES, "weak_yes")
    return ask("not_understood")


def _no(tags: list[str], said: set[str]) -> Reading:
    if "no" not in said:
        sure = tags[:2] == ["no_perhaps", "yes"]
        return clear(NO) if sure else confirm(NO, "short_no")
    return confirm(NO, "other_words") if "unknown" in said else clear(NO)


def _yes(tags: list[str], yes: list[int]) -> Reading:
    """What follows "có" is what there is; what stands before it must be understood."""
    before = tags[: yes[0]]
    if "unknown" in before:
        return confirm(YES, "other_words")
    after = tags[yes[0] + 1 :]
    if after.count("unknown") > 3:
        return confirm(YES, "other_words")
    return clear(YES)


def _both(tags: list[str], no: list[int], yes: list[int]) -> Reading:
    """So "k có" is one no; "có, chưa dùng" is both."""
    if len(no) == 1 and tags[no[0]] == "no_perhaps" and yes == [no[0] + 1]:
        return (
            clear(NO) if set(tags) <= {"no_perhaps", "yes", "topic"} else confirm(NO, "other_words")
        )
    return ask("contradictory")
