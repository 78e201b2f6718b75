"""The rules that decide what a reply to "Có … không?" means. The first rule that fits decides.

Each docstring gives the reason for the rule, then replies and how they are read. The tests read
those lines too.
"""

from criteria.reading.outcome import NO, YES, Reading, ask, clear, commanded, confirm
from criteria.reading.yes_no.hedges import (
    NEGATIVE,
    condition,
    degree_denied,
    everybody_has,
    guessing,
    nobody_has,
    not_yet,
    only_a_plan,
    own_doing,
    rhetorical_question,
    some_and_others,
    taken_back,
    two_negations,
    undone_again,
)
from criteria.reading.yes_no.plain_answers import is_plain_no, is_plain_yes
from criteria.reading.yes_no.sentence import NEGATIONS, PEOPLE, Sentence, Word, clauses

_LONGEST = 25  # words; a longer text is read by a person
_CHOICES = {1: YES, 2: NO}
_CONTRASTS = frozenset(
    {"area", "then", "own_house", "piece", "measure", "still"}
)  # cái có cái không
_AFTERWORDS = frozenset({"polite", "filler", "vocative", "picture"})
_DOUBTFUL = NEGATIVE | {
    "undone", "but", "plan", "future", "guess", "question", "name", "share", "then", "thumb_down",
}  # fmt: skip


def question_asked_back(reply: Sentence) -> Reading | None:
    """Show the explanation after a question: it is not an answer.

    có ạ? → command help
    họp chưa ạ → command help
    camera có hay chưa → command help
    """
    ends = [word.part for word in reply.content if word.part != "stop"]
    if reply.has("question_mark") or ends[-1:] == ["question"] or _ends_in_a_question(reply):
        return commanded("help")
    return ask("not_understood") if reply.has("question") else None


def _ends_in_a_question(reply: Sentence) -> bool:
    """Return whether the negation at the end asks a question: "họp chưa", "có ai không"."""
    if reply.has("but", "undone"):
        return False
    parts = clauses([word for word in reply.words if word.part not in _AFTERWORDS])
    last = list(parts[-1]) if parts else []
    if sum(word.part == "not" for word in last) != 1 or len(last) < 2:
        return False
    if last[-1].part != "not" or last[-2].part in _CONTRASTS:
        return False
    asking = [w.part for w in last[:-1] if w.part in {"have", "use", "deed", "done", "some"}]
    already = last[-2].part == "already" and last[-2].text != "da"  # da chua: dạ chưa
    return already or (bool(asking) and asking.count("have") < 2)


def number_of_a_choice(reply: Sentence) -> Reading | None:
    """Read 1 as Có and 2 as Chưa; if a word contradicts the digit, confirm the word.

    1 ạ → value yes
    em chọn 2 → value no
    1. chưa → confirm no
    """
    content = [word for word in reply.content if word.part != "stop"]
    chosen = [word for word in content if word.part != "choose"]
    if not chosen or chosen[0].number not in _CHOICES or chosen[0].part != "number":
        return None
    value = _CHOICES[chosen[0].number]
    rest = tuple(chosen[1:])
    if not rest:
        if any(word.part in {"area", "now", "address", "adverb", "whole"} for word in reply.words):
            return ask("not_understood")  # 2 khu
        return clear(value) if _is_a_digit(chosen[0]) else confirm(value, "odd_spelling")
    if len(content) != len(chosen):
        return ask("contradictory")
    is_yes, is_no = is_plain_yes(Sentence(rest)), is_plain_no(Sentence(rest))
    if rest[0].part not in {"have", "not", "no", "yes", "done"} or not (is_yes or is_no):
        return None
    agrees = value == YES if is_yes else value == NO
    if agrees:
        return clear(value)
    return confirm(YES if is_yes else NO, "contradictory")


def _is_a_digit(word: Word) -> bool:
    return word.text in {"1", "2"}


def politeness_alone(reply: Sentence) -> Reading | None:
    """Read "vâng" alone as yes; confirm "dạ" and "ok", which may only acknowledge the question.

    vâng ạ → value yes
    dạ → confirm yes
    """
    if [word for word in reply.content if word.part not in {"stop", "picture"}]:
        return None
    if reply.has("agreed"):
        return clear(YES)
    if reply.has("weak_polite"):
        return confirm(YES, "weak_yes")
    return ask("not_understood")


def long_story(reply: Sentence) -> Reading | None:
    """Ask again after a text that is longer than an answer: it has more than one statement."""
    return ask("not_understood") if len(reply.words) > _LONGEST else None


def nought(reply: Sentence) -> Reading | None:
    """Ask again if the count is zero although the reply has "có".

    có 0 nhóm → ask
    """
    zero = any(word.part == "number" and word.number == 0 for word in reply.words)
    return ask("contradictory") if zero else None


def somebodys_name(reply: Sentence) -> Reading | None:
    """Ask again after a name (a number word after a kinship word): one house is not the area.

    nhà bác Ba có rồi → ask
    anh Bảy lắp rồi → ask
    """
    return ask("not_understood") if reply.has("name") else None


def unknown_words(reply: Sentence) -> Reading | None:
    """Ask again or confirm if a word is unknown: it may reverse the answer.

    If a plain answer comes before it, with its object or a pause, that answer is confirmed.

    có zzz → ask
    rồi zzz → ask
    chưa zzz → ask
    có camera ở zzz → confirm yes
    chưa có ạ, zzz → confirm no
    """
    if not reply.has("unknown"):
        return None
    at = next(n for n, word in enumerate(reply.words) if word.part == "unknown")
    after = reply.words[at:]
    answer = _answer_before(reply.words[:at])
    if answer is None or any(word.part in _DOUBTFUL for word in after):
        return ask("not_understood")
    if is_plain_yes(answer):
        return confirm(YES, "other_words")
    if is_plain_no(answer) and not any(word.part in {"have", "done", "yes"} for word in after):
        return confirm(NO, "other_words")
    return ask("not_understood")


def _answer_before(words: tuple[Word, ...]) -> Sentence | None:
    """Return the answer before the unknown word: with its object, or up to the last pause."""
    while words and words[-1].part in {"link", "where"}:
        words = words[:-1]
    if any(word.part in {"thing", "some"} for word in words):
        return Sentence(words)
    stops = [n for n, word in enumerate(words) if word.part == "stop"]
    return Sentence(words[: stops[-1]]) if stops else None


def plain_no(reply: Sentence) -> Reading | None:
    """Read as no: one negation, followed only by what the question is about.

    chưa có ạ → value no
    khu em không có hợp tác xã nào cả → value no
    làm gì có camera → value no
    """
    if is_plain_no(reply):
        return clear(NO)
    return None


def yes_and_no(reply: Sentence) -> Reading | None:
    """Ask again after a reply with both yes and no.

    có, không dùng → ask
    """
    at = next((n for n, w in enumerate(reply.content) if w.part in NEGATIONS), None)
    if at is None:
        return None
    rest = reply.content[at + 1 :]
    own = 1 if rest and rest[0].part == "have" else 0
    others = (*reply.content[:at], *rest[own:])
    later = clauses(rest)[1:] if any(word.part == "stop" for word in rest) else []
    goes_on = any(word.part in {"use", "deed"} for words in later for word in words)
    done_before = any(word.part == "done" for word in reply.content[:at])
    if goes_on or done_before or any(word.part in {"have", "yes", "weak_yes"} for word in others):
        return ask("contradictory")
    return None


def likely_no(reply: Sentence) -> Reading | None:
    """Confirm a no if the negation is not plain: one letter, or words that the question lacks.

    k → confirm no
    không còn → confirm no
    """
    at = next((n for n, w in enumerate(reply.words) if w.part == "no_perhaps"), None)
    behind = reply.words[at + 1].part if at is not None and at + 1 < len(reply.words) else ""
    if (
        at is not None
        and "phải" in reply.words[at].word
        and behind in {*PEOPLE, "area", "address", "about", "now", "people"}
    ):
        return ask("not_understood")  # không phải em
    if reply.has("not_perhaps", "no_perhaps"):
        return confirm(NO, "short_no")
    if reply.has("not", "no") and reply.has("use", "deed", "thing", "done", "reason", "own_house"):
        return confirm(NO, "other_words")
    if reply.parts == ("not", "have") and any(word.text == "nha" for word in reply.words):
        return confirm(NO, "other_words")
    return ask("not_understood") if reply.has("not", "no") else None


def plain_yes(reply: Sentence) -> Reading | None:
    """Read as yes: có, rồi or a completed action, with only what the question is about.

    có rồi ạ → value yes
    khu em có nhóm zalo rồi → value yes
    họp rồi ạ → value yes
    đang dùng tốt → value yes
    """
    return clear(YES) if is_plain_yes(reply) else None


def likely_yes(reply: Sentence) -> Reading | None:
    """Confirm "đủ" and "được", which may only mean that it is enough, and a part of the area.

    đủ rồi → confirm yes
    có 5 nhà → confirm yes
    """
    if reply.has("share", "some", "name", "reason"):
        return ask("hedged")
    if any(word.weak for word in reply.words) or reply.parts == ("already",):
        return confirm(YES, "weak_yes")
    parts = set(reply.parts)
    if reply.parts[:1] == ("link",) and "thing" not in parts:
        return ask("hedged")  # để có
    if "about" in parts and parts <= {"have", "about", "done"} and reply.is_unmarked:
        return ask("not_understood")
    if reply.has("have", "yes") or (reply.has("done") and reply.has("thing", "good", "when")):
        return confirm(YES, "other_words")
    has_more = reply.has("still", "ongoing", "good", "thing", "number")
    past = reply.has("when") or (has_more and not reply.has("date_word"))
    if reply.has("use", "deed") and past:
        return confirm(YES, "other_words")
    return None


def nothing_said(reply: Sentence) -> Reading | None:
    """Ask again after any other reply: it is neither yes nor no.

    camera → ask
    """
    return ask("not_understood")


RULES = (
    some_and_others, question_asked_back, number_of_a_choice, politeness_alone, long_story, nought,
    somebodys_name, unknown_words, rhetorical_question, two_negations, undone_again, not_yet,
    only_a_plan, taken_back, guessing, condition, nobody_has, everybody_has, own_doing, plain_no,
    degree_denied, yes_and_no, likely_no, plain_yes, likely_yes, nothing_said,
)  # fmt: skip
