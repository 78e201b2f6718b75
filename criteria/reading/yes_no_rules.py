"""The rules that decide what a reply to "Có … không?" says. The first that fits decides.

Each docstring says why the rule is there, then gives replies and how they are read; the tests read
those lines, too.
"""

from itertools import pairwise

from criteria.answers import YesNo
from criteria.reading.outcome import Reading, ask, clear, commanded, confirm
from criteria.reading.plain_answers import is_plain_no, is_plain_yes
from criteria.reading.sentence import NEGATIONS, Sentence, Word, clauses

YES, NO = YesNo(True), YesNo(False)
_LONGEST = 25  # words; a longer story is read by a person
_CHOICES = {1: YES, 2: NO}
_CONTRASTS = frozenset({"area", "then", "own_house", "piece", "measure"})  # cái có cái không
_PEOPLE = frozenset({"person", "vocative"})
_NEGATIVE = NEGATIONS | {"nobody", "rhetoric"}
_DOUBTFUL = _NEGATIVE | {
    "undone", "but", "plan", "future", "guess", "question", "name", "share", "then", "thumb_down",
}  # fmt: skip


def question_asked_back(said: Sentence) -> Reading | None:
    """A question is no answer: the explanation is shown.

    có chưa? → command help
    có không ạ → command help
    camera có hay chưa → command help
    """
    ends = [word.part for word in said.content if word.part != "stop"]
    if said.has("question_mark") or ends[-1:] == ["question"] or _ends_in_a_question(said):
        return commanded("help")
    return ask("not_understood") if said.has("question") else None


def _ends_in_a_question(said: Sentence) -> bool:
    """"Họp chưa", "có ai không": the negation at the end asks."""
    if said.has("but", "undone"):
        return False
    parts = clauses([word for word in said.words if word.part not in {"polite", "filler"}])
    last = list(parts[-1]) if parts else []
    if len(last) < 2 or last[-1].part != "not" or last[-2].part in _CONTRASTS:
        return False
    asking = [w.part for w in last[:-1] if w.part in {"have", "use", "deed", "done", "some"}]
    already = last[-2].part == "already" and not last[-2].text.isascii()  # da chua: dạ chưa
    return already or (bool(asking) and asking.count("have") < 2)


def number_of_a_choice(said: Sentence) -> Reading | None:
    """1 stands for Có and 2 for Chưa; beside a contrary word the word is asked about.

    1 ạ → value yes
    em chọn 2 → value no
    1. chưa → confirm no
    """
    content = [word for word in said.content if word.part != "stop"]
    chosen = [word for word in content if word.part != "choose"]
    if not chosen or chosen[0].number not in _CHOICES or chosen[0].part != "number":
        return None
    value = _CHOICES[chosen[0].number]
    rest = tuple(chosen[1:])
    if not rest:
        return clear(value) if _is_a_digit(chosen[0]) else confirm(value, "odd_spelling")
    if len(content) != len(chosen):
        return ask("contradictory")
    said_yes, said_no = is_plain_yes(Sentence(rest)), is_plain_no(Sentence(rest))
    if rest[0].part not in {"have", "not", "no", "yes", "done"} or not (said_yes or said_no):
        return None
    agrees = value == YES if said_yes else value == NO
    if agrees:
        return clear(value)
    return confirm(YES if said_yes else NO, "contradictory")


def _is_a_digit(word: Word) -> bool:
    return word.text in {"1", "2"}


def politeness_alone(said: Sentence) -> Reading | None:
    """"Vâng" alone agrees; "dạ" and "ok" may only say that the question has come.

    vâng ạ → value yes
    dạ → confirm yes
    """
    if [word for word in said.content if word.part not in {"stop", "picture"}]:
        return None
    if said.has("agreed"):
        return clear(YES)
    if said.has("weak_polite"):
        return confirm(YES, "weak_yes")
    return ask("not_understood")


def long_story(said: Sentence) -> Reading | None:
    """A person reads what is longer than an answer: whatever it says, it says more than one thing."""
    return ask("not_understood") if len(said.words) > _LONGEST else None


def nought(said: Sentence) -> Reading | None:
    """None of them is there, and yet "có" is said.

    có 0 nhóm → ask
    """
    zero = any(word.part == "number" and word.number == 0 for word in said.words)
    return ask("contradictory") if zero else None


def somebodys_name(said: Sentence) -> Reading | None:
    """A kinship word before a number word is a name: what one house has says nothing of the area.

    nhà bác Ba có rồi → ask
    anh Bảy lắp rồi → ask
    """
    return ask("not_understood") if said.has("name") else None


def unknown_words(said: Sentence) -> Reading | None:
    """A word that the table doesn't have may turn the answer round, so it is never a value.

    Where a plain answer stands before it, with its thing or its pause, that answer is asked about.

    có zzz → ask
    rồi zzz → ask
    chưa zzz → ask
    có camera ở zzz → confirm yes
    chưa có ạ, zzz → confirm no
    """
    if not said.has("unknown"):
        return None
    at = next(n for n, word in enumerate(said.words) if word.part == "unknown")
    before, after = said.words[:at], said.words[at:]
    answer = Sentence(before)
    complete = bool(before) and before[-1].part == "stop" or answer.has("thing")
    if not complete or any(word.part in _DOUBTFUL for word in after):
        return ask("not_understood")
    if is_plain_yes(answer):
        return confirm(YES, "other_words")
    if is_plain_no(answer) and not any(word.part in {"have", "done", "yes"} for word in after):
        return confirm(NO, "other_words")
    return ask("not_understood")


def rhetorical_question(said: Sentence) -> Reading | None:
    """A question word with chả, chẳng, mà không says the contrary; said so, it is asked about.

    làm gì mà không có → confirm yes
    ai mà chẳng có → confirm yes
    tháng nào chả họp → confirm yes
    """
    negative = [n for n, word in enumerate(said.words) if word.part in _NEGATIVE]
    if len(negative) != 1 or said.has("but", "undone", "plan", "future"):
        return None
    word = said.words[negative[0]]
    before = said.words[: negative[0]]
    turned = word.text in {"chả", "chẳng", "chang", "cha"} and any(w.part == "some" for w in before)
    if word.part == "rhetoric" or turned:
        return confirm(YES, "hedged")
    return None


def two_negations(said: Sentence) -> Reading | None:
    """Two negations are never a value: nested they say yes, one after the other no.

    không tháng nào không họp → confirm yes
    chưa ạ, chưa có → confirm no
    không phải là không có → ask
    """
    negative = [n for n, word in enumerate(said.words) if word.part in _NEGATIVE]
    if said.has("double_not"):
        return ask("contradictory")
    if len(negative) < 2:
        return None
    inner = said.words[negative[0] : negative[-1]]
    nested = len(negative) == 2 and any(word.part in {"some", "nobody"} for word in inner)
    if nested and not any(word.part == "stop" for word in inner) and not said.has("but", "undone"):
        return confirm(YES, "hedged")
    parts = clauses(said.words)
    if len(parts) > 1 and all(_says_no(one) for one in parts):
        return confirm(NO, "other_words")
    return ask("contradictory")


def _says_no(words: tuple[Word, ...]) -> bool:
    one = Sentence(words)
    return not one.content or is_plain_no(one)


def undone_again(said: Sentence) -> Reading | None:
    """What was put off, taken down or is broken is neither a yes nor a plain no.

    hoãn rồi → ask
    tháo rồi → ask
    có nhưng hỏng → ask
    """
    return ask("hedged") if said.has("undone") else None


def not_yet(said: Sentence) -> Reading | None:
    """What is about to be isn't there yet: a likely no.

    sắp có → confirm no
    chưa, tháng sau có → confirm no
    """
    if not said.has("future"):
        return None
    negative = said.has("not", "no", "not_perhaps")
    if not negative and (said.has("have", "yes", "done", "plan") or said.has("but")):
        return ask("hedged")
    return confirm(NO, "not_yet")


def only_a_plan(said: Sentence) -> Reading | None:
    """A plan, a wish, a request or a try isn't the thing itself.

    có chủ trương → ask
    có dự án rồi, chưa có tiền → ask
    có nhu cầu → ask
    cần có → ask
    """
    return ask("hedged") if said.has("plan") else None


def taken_back(said: Sentence) -> Reading | None:
    """A "but" takes part of the answer back.

    có nhưng chưa dùng → ask
    lúc có lúc không → ask
    có khách → ask
    """
    if not said.has("but", "thumb_down"):
        return None
    both = said.has("have", "yes", "done") and said.has("not", "no")
    if said.has("thumb_down") and not said.has("but") and is_plain_no(said):
        return clear(NO)
    return ask("contradictory" if both else "hedged")


def guessing(said: Sentence) -> Reading | None:
    """Who guesses is asked whether it is so.

    hình như có → confirm yes
    chắc là chưa → confirm no
    """
    if not said.has("guess"):
        return None
    rest = Sentence(tuple(word for word in said.words if word.part != "guess"))
    if is_plain_no(rest):
        return confirm(NO, "hedged")
    return confirm(YES, "hedged") if is_plain_yes(rest) else ask("hedged")


def condition(said: Sentence) -> Reading | None:
    """"Có thì" opens a condition.

    có thì tốt → ask
    có báo cáo rồi → ask
    """
    content = [word.part for word in said.content]
    after = content[content.index("have") :] if "have" in content else []
    reports = any(
        first.part == "have" and second.part == "address" for first, second in pairwise(said.words)
    )
    return ask("hedged") if "then" in after or reports else None


def nobody_has(said: Sentence) -> Reading | None:
    """"Không có ai" is said of people: at most a likely no.

    chưa ai lập → confirm no
    không có ai ở nhà → ask
    """
    if not said.has("nobody"):
        return None
    at = next(n for n, word in enumerate(said.words) if word.part == "nobody")
    behind = {word.part for word in said.words[at + 1 :]}
    having = behind <= {"use", "deed", "thing", "have", "emphasis", "polite", "vocative", "filler", "stop"}
    return confirm(NO, "hedged") if having else ask("hedged")


def everybody_has(said: Sentence) -> Reading | None:
    """"Ai cũng có" is said of people: at most a likely yes.

    nhà nào cũng có → confirm yes
    có gì báo sau → ask
    """
    parts = said.parts
    if "some" not in parts or said.has("not", "no", "no_perhaps", "not_perhaps"):
        return None
    also = any(word.text in {"cũng", "cung", "ai cũng", "ai cung"} for word in said.words)
    others = set(parts) - {"some"}
    held = others <= {"have", "use", "deed", "thing", "still", "done", "measure"}
    return confirm(YES, "hedged") if also and held and others else ask("hedged")


def own_doing(said: Sentence) -> Reading | None:
    """What the writer does isn't what the area has: busy people say so, too.

    em đang họp → ask
    em làm rồi → confirm yes
    """
    words = [word for word in said.words if word.part not in {"polite", "agreed", "stop"}]
    at = next((n for n, w in enumerate(words) if w.part in {"deed", "have", "use", "thing"}), None)
    if at is None or words[at].part != "deed":
        return None
    before = [w.part for w in words[:at] if w.part in {*_PEOPLE, "area", "still"}]
    if before and before[0] in _PEOPLE and before[1:] in ([], ["still"]):
        if is_plain_yes(said) and "still" not in before:
            return confirm(YES, "other_words")
        if not is_plain_no(said):
            return ask("not_understood")
        return confirm(NO, "other_words")
    return None


def plain_no(said: Sentence) -> Reading | None:
    """One negation, and behind it only what the question is about.

    chưa có ạ → value no
    khu em không có hợp tác xã nào cả → value no
    làm gì có camera → value no
    k → confirm no
    """
    if is_plain_no(said):
        return clear(NO)
    return None


def degree_denied(said: Sentence) -> Reading | None:
    """A negation before a degree leaves something standing.

    không thường xuyên → ask
    chưa nhiều → ask
    chưa họp đều đặn → ask
    chưa lắp tất cả → ask
    """
    if said.has("not", "no", "no_perhaps", "not_perhaps") and said.has(
        "good", "degree", "emphasis"
    ):
        return ask("hedged")
    return None


def yes_and_no(said: Sentence) -> Reading | None:
    """Yes and no in one reply are asked again.

    có, không dùng → ask
    """
    at = next((n for n, w in enumerate(said.content) if w.part in NEGATIONS), None)
    if at is None:
        return None
    rest = said.content[at + 1 :]
    own = 1 if rest and rest[0].part == "have" else 0
    others = (*said.content[:at], *rest[own:])
    if any(word.part in {"have", "yes", "weak_yes"} for word in others):
        return ask("contradictory")
    return None


def likely_no(said: Sentence) -> Reading | None:
    """A negation that isn't plain: one letter, or words beside it that aren't the question's.

    k → confirm no
    không còn → confirm no
    """
    at = next((n for n, w in enumerate(said.words) if w.part == "no_perhaps"), None)
    behind = said.words[at + 1].part if at is not None and at + 1 < len(said.words) else ""
    if behind in {*_PEOPLE, "area", "address", "about", "now", "people"}:
        return ask("not_understood")  # không phải em
    if said.has("not_perhaps", "no_perhaps"):
        return confirm(NO, "short_no")
    if said.has("not", "no") and said.has("use", "deed", "thing", "done", "reason", "own_house"):
        return confirm(NO, "other_words")
    return ask("not_understood") if said.has("not", "no") else None


def plain_yes(said: Sentence) -> Reading | None:
    """"Có", "rồi" or a deed that is done, and beside it only what the question is about.

    có rồi ạ → value yes
    khu em có nhóm zalo rồi → value yes
    họp rồi ạ → value yes
    đang dùng tốt → value yes
    """
    return clear(YES) if is_plain_yes(said) else None


def likely_yes(said: Sentence) -> Reading | None:
    """"Đủ", "được" may agree or only say that it is enough; a part of it is not all of it.

    đủ rồi → confirm yes
    có 5 nhà → confirm yes
    """
    if said.has("share", "some", "name"):
        return ask("hedged")
    if any(word.weak for word in said.words) or said.parts == ("already",):
        return confirm(YES, "weak_yes")
    parts = set(said.parts)
    if said.parts[:1] == ("link",) and "thing" not in parts:
        return ask("hedged")  # để có
    if "about" in parts and parts <= {"have", "about", "done"} and said.is_unmarked:
        return ask("not_understood")
    if said.has("have", "yes") or (said.has("done") and said.has("thing", "good", "when")):
        return confirm(YES, "other_words")
    if said.has("use", "deed") and said.has("still", "good"):
        return confirm(YES, "other_words")
    return None


def nothing_said(said: Sentence) -> Reading | None:
    """Neither yes nor no.

    camera → ask
    """
    return ask("not_understood")


RULES = (
    question_asked_back, number_of_a_choice, politeness_alone, long_story, nought, somebodys_name,
    unknown_words, rhetorical_question, two_negations, undone_again, not_yet, only_a_plan, taken_back,
    guessing, condition, nobody_has, everybody_has, own_doing, plain_no, degree_denied, yes_and_no,
    likely_no, plain_yes, likely_yes, nothing_said,
)  # fmt: skip
