"""Rules about replies that answer yes or no only in part, not yet, or indirectly.

As in yes_no_rules.py, each docstring gives the reason, then replies with their reading.
"""

from itertools import pairwise

from criteria.reading.outcome import NO, YES, Reading, ask, clear, confirm
from criteria.reading.yes_no.plain_answers import is_plain_no, is_plain_yes
from criteria.reading.yes_no.sentence import NEGATIONS, NOISE, PEOPLE, Sentence, Word, clauses

NEGATIVE = NEGATIONS | {"nobody", "rhetoric"}


def rhetorical_question(reply: Sentence) -> Reading | None:
    """Confirm a question word with chả, chẳng or mà không, which means the opposite.

    làm gì mà không có → confirm yes
    ai mà chẳng có → confirm yes
    tháng nào chả họp → confirm yes
    """
    negative = [n for n, word in enumerate(reply.words) if word.part in NEGATIVE]
    if len(negative) != 1 or reply.has("but", "undone", "plan", "future"):
        return None
    word = reply.words[negative[0]]
    before = reply.words[: negative[0]]
    turned = word.word in {"chả", "chẳng"} and any(w.part == "some" for w in before)
    if word.part == "rhetoric" or turned:
        return confirm(YES, "hedged")
    return None


def two_negations(reply: Sentence) -> Reading | None:
    """Confirm two negations: nested they mean yes, one after the other they mean no.

    không tháng nào không họp → confirm yes
    chưa ạ, chưa có → confirm no
    không phải là không có → ask
    """
    negative = [n for n, word in enumerate(reply.words) if word.part in NEGATIVE]
    if reply.has("double_not"):
        return ask("contradictory")
    if len(negative) < 2:
        return None
    inner = reply.words[negative[0] : negative[-1]]
    nested = len(negative) == 2 and any(word.part in {"some", "nobody"} for word in inner)
    if nested and not any(word.part == "stop" for word in inner) and not reply.has("but", "undone"):
        return confirm(YES, "hedged")
    parts = clauses(reply.words)
    if len(parts) > 1 and all(_says_no(one) for one in parts):
        return confirm(NO, "other_words")
    return ask("contradictory")


def _says_no(words: tuple[Word, ...]) -> bool:
    one = Sentence(words)
    return not one.content or is_plain_no(one)


def undone_again(reply: Sentence) -> Reading | None:
    """Ask again about something postponed, removed or broken: it is neither a yes nor a plain no.

    hoãn rồi → ask
    tháo rồi → ask
    có nhưng hỏng → ask
    thôi dùng rồi → ask
    """
    stopped = any(a.word == "thôi" and b.part in {"use", "deed"} for a, b in pairwise(reply.words))
    return ask("hedged") if stopped or reply.has("undone") else None


def not_yet(reply: Sentence) -> Reading | None:
    """Confirm a no for something that is about to exist: it does not exist yet.

    sắp có → confirm no
    chưa, tháng sau có → confirm no
    """
    if not reply.has("future"):
        return None
    negative = reply.has("not", "no", "not_perhaps")
    if not negative and (reply.has("have", "yes", "done", "plan") or reply.has("but")):
        return ask("hedged")
    return confirm(NO, "not_yet")


def only_a_plan(reply: Sentence) -> Reading | None:
    """Ask again about a plan, a wish, a request or an attempt: it is not the thing itself.

    có chủ trương → ask
    có dự án rồi, chưa có tiền → ask
    có nhu cầu → ask
    cần có → ask
    phải lắp → ask
    """
    must = any(
        a.word == "phải" and b.part in {"use", "deed", "have"} for a, b in pairwise(reply.words)
    )
    return ask("hedged") if must or reply.has("plan") else None


def taken_back(reply: Sentence) -> Reading | None:
    """Ask again after a "but", which cancels a part of the answer.

    có nhưng chưa dùng → ask
    lúc có lúc không → ask
    có khách → ask
    không họp mà đi hỗ trợ → ask
    """
    if not reply.has("but", "thumb_down") and not _is_set_against(reply):
        return None
    both = reply.has("have", "yes", "done") and reply.has("not", "no")
    if reply.has("thumb_down") and not reply.has("but") and is_plain_no(reply):
        return clear(NO)
    return ask("contradictory" if both else "hedged")


def _is_set_against(reply: Sentence) -> bool:
    """Return whether "mà" is between two statements."""
    silent = NOISE | {"stop"}
    at = next((n for n, word in enumerate(reply.words) if word.word in {"mà", "cơ mà"}), None)
    if at is None:
        return False
    before, behind = reply.words[:at], reply.words[at + 1 :]
    return all(any(word.part not in silent for word in words) for words in (before, behind))


def guessing(reply: Sentence) -> Reading | None:
    """Confirm a guess.

    hình như có → confirm yes
    chắc là chưa → confirm no
    """
    if not reply.has("guess"):
        return None
    rest = Sentence(tuple(word for word in reply.words if word.part != "guess"))
    if is_plain_no(rest):
        return confirm(NO, "hedged")
    return confirm(YES, "hedged") if is_plain_yes(rest) else ask("hedged")


def condition(reply: Sentence) -> Reading | None:
    """Ask again: "có thì" begins a condition, and "có báo cáo" is something that the writer did.

    có thì tốt → ask
    có báo cáo rồi → ask
    không lắp thì thôi → ask
    """
    content = [word.part for word in reply.content]
    after = content[content.index("have") :] if "have" in content else []
    if "not" in content:
        after = [*after, *content[content.index("not") :]]
    reports = any(
        first.part == "have" and second.part == "address" for first, second in pairwise(reply.words)
    )
    return ask("hedged") if "then" in after or reports else None


def nobody_has(reply: Sentence) -> Reading | None:
    """Confirm "không có ai" as a no at most: it is about people.

    chưa ai lập → confirm no
    không có ai ở nhà → ask
    """
    if not reply.has("nobody"):
        return None
    at = next(n for n, word in enumerate(reply.words) if word.part == "nobody")
    behind = {word.part for word in reply.words[at + 1 :]}
    having = behind <= {
        "use",
        "deed",
        "thing",
        "have",
        "emphasis",
        "polite",
        "vocative",
        "filler",
        "stop",
    }
    return confirm(NO, "hedged") if having else ask("hedged")


def everybody_has(reply: Sentence) -> Reading | None:
    """Confirm "ai cũng có" as a yes at most: it is about people.

    nhà nào cũng có → confirm yes
    có gì → ask
    """
    parts = reply.parts
    if "some" not in parts or reply.has("not", "no", "no_perhaps", "not_perhaps"):
        return None
    also = any(word.word in {"cũng", "ai cũng"} for word in reply.words)
    others = set(parts) - {"some"}
    held = others <= {"have", "use", "deed", "thing", "still", "done", "measure"}
    return confirm(YES, "hedged") if also and held and others else ask("hedged")


def own_doing(reply: Sentence) -> Reading | None:
    """Confirm or ask again about an activity of the writer: the area need not have it.

    em đang họp → ask
    em làm rồi → confirm yes
    """
    words = [word for word in reply.words if word.part not in {"polite", "agreed", "stop"}]
    at = next((n for n, w in enumerate(words) if w.part in {"deed", "have", "use", "thing"}), None)
    if at is None or words[at].part != "deed":
        return None
    before = [w.part for w in words[:at] if w.part != "now"]
    busy = before[1:] in (["still"], ["ongoing"])
    just = before[1:] == ["already"]
    if before and before[0] in PEOPLE and (busy or just or len(before) == 1):
        if is_plain_yes(reply) and not busy:
            return confirm(YES, "other_words")
        if not is_plain_no(reply):
            return ask("not_understood")
        return confirm(NO, "other_words")
    return None


def some_and_others(reply: Sentence) -> Reading | None:
    """Ask again if some have it and others do not: one noun comes twice, once with a negation.

    cái chạy cái không → ask
    khu có khu chưa → ask
    """
    nouns = [
        word.text for word in reply.words
        if word.part in {"piece", "measure", "people", "area", "unknown", "date_word", "thing"}
    ]  # fmt: skip
    both = reply.has("not") and reply.has("have", "use", "deed")
    one_breath = len(clauses(reply.content)) == 1
    return ask("hedged") if both and one_breath and len(nouns) > len(set(nouns)) else None


def degree_denied(reply: Sentence) -> Reading | None:
    """Ask again after a negation before a degree: it denies only the degree.

    không thường xuyên → ask
    chưa nhiều → ask
    chưa dùng thường xuyên → ask
    chưa lắp tất cả → ask
    không phải nhà nào cũng có → ask
    """
    at = next((n for n, word in enumerate(reply.words) if word.part in NEGATIONS), None)
    behind = reply.words[at:] if at is not None else ()
    if any(word.part == "some" for word in behind) and any(
        word.word in {"cũng", "ai cũng"} for word in behind
    ):
        return ask("hedged")  # không phải nhà nào cũng có
    if at is not None and reply.has("good", "degree", "emphasis"):
        return ask("hedged")
    return None
