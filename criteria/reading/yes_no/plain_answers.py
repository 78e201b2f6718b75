"""The two patterns of words that make a clear yes or a clear no."""

from collections.abc import Sequence
from itertools import pairwise

from criteria.reading.yes_no.sentence import Sentence, Word, clauses

_SAYS_MORE = frozenset({"thing", "about", "people", "institution", "measure", "piece", "number",
                        "where", "when", "date_word", "link", "already", "emphasis"})  # fmt: skip
# These words may come before a yes or a no: the people or things that have it.
_SUBJECT = (_SAYS_MORE - {"emphasis"}) | {"still", "ongoing", "then"}
_OF_A_YES = _SAYS_MORE | {
    "have", "done", "still", "ongoing", "yes", "use", "deed", "good", "degree", "then",
}  # fmt: skip
_OF_A_NO = (_SAYS_MORE - {"emphasis"}) | {"have", "use", "deed", "some"}
_BEHIND_A_NO = _OF_A_NO - {"have", "number", "where", "link"}
# Words that can follow "có" alone, so that it stays a yes.
_SOLID = frozenset({"done", "thing", "use", "deed", "good", "when", "yes", "have", "emphasis"})
# These name only a part of the area, unless a thing comes before them.
_SOME_PEOPLE = frozenset({"people", "measure", "piece"})
_NEEDS_A_THING = frozenset({"link", "about", "where"})
# Directly after "có" or a negation, these name what exists or is denied.
_NOT_DIRECTLY_BEHIND = frozenset({"person", "area", "now", "address", "adverb", "whole"})
_PLACES = ("ở", "trong", "tại", "dưới", "trên")
_OTHERS = frozenset({"xã", "khu", "thôn", "xóm", "bản", "làng", "ấp"})
_AFTERWARDS = frozenset({"polite", "vocative", "filler", "stop", "picture"})
_ONE = 1


def is_plain_yes(reply: Sentence) -> bool:
    """Return whether all words together mean yes and nothing else."""
    parts = reply.parts
    if not parts or not set(parts) <= _OF_A_YES or not _dates_are_whole(reply):
        return False
    if _is_followed_badly(reply, "have") or _reports_only(reply) or _means_one_day(reply):
        return False
    if parts[-1] == "link" or (parts[-1] == "number" and _counts(reply) > 1):
        return False  # lập rồi để đấy, có 3 cái chạy được 1
    if "deed" in parts and ("institution" in parts or _is_of_others(reply)):
        return False  # họp chi bộ rồi, họp thôn rồi
    return _has(parts) or _is_done(parts)


def _has(parts: tuple[str, ...]) -> bool:
    """Return whether it is "có" with an object after it and its owner before it."""
    at = next((n for n, part in enumerate(parts) if part in {"have", "yes"}), None)
    if at is None:
        return False
    before, behind = parts[:at], parts[at + 1 :]
    if "then" in behind:
        return False
    if not set(before) <= _SUBJECT:
        return _is_done(before)  # họp rồi, có họp
    if not _has_a_subject(before, parts):
        return False
    if _is_something_else(behind) and "thing" not in before:
        return False  # có hồ sơ rồi
    counted = "number" in behind and not {"piece", "date_word"}.isdisjoint(behind)  # có 2 cái
    return not behind or counted or not _SOLID.isdisjoint(behind) or "thing" in before


def _is_something_else(behind: Sequence[str]) -> bool:
    """Return whether the object is something that no question asks for."""
    light = {"already", "still", "ongoing", "number", "piece", "link", "done", "emphasis"}
    first = next((part for part in behind if part not in light), "")
    return first in {"about", "people", "institution", "measure", "where"}


def _has_a_subject(before: Sequence[str], parts: Sequence[str]) -> bool:
    """Return whether the area has it: not some people, a past day, or a part of a phrase."""
    if "thing" in before:
        return True
    if not _SOME_PEOPLE.isdisjoint(before) or _is_numbered(before):
        return False
    if "date_word" in before and "done" not in parts:
        return False  # ngày 5 có họp: perhaps in the future
    if "when" in before and not {"deed", "done", "use"} & set(parts):
        return False
    named = {"thing", "institution"} & set(parts)
    return _NEEDS_A_THING.isdisjoint(before) or bool(named)


def _is_numbered(before: Sequence[str]) -> bool:
    """Return whether a bare number comes first, "1. chưa": a button or a name, not a subject."""
    return "number" in before and "date_word" not in before


def _is_done(parts: tuple[str, ...]) -> bool:
    """Return whether an action is done ("đã lắp", "họp rồi") or a state lasts ("đang dùng")."""
    if set(parts) <= {"done", "already"}:
        return "done" in parts
    at = next((n for n, part in enumerate(parts) if part in {"use", "deed"}), None)
    if at is None or not set(parts[:at]) <= _SUBJECT or "then" in parts[at:]:
        return False
    if not _has_a_subject(parts[:at], parts):
        return False
    if parts[at] == "deed" and "ongoing" in parts[:at]:
        return False  # đang họp rồi
    if "already" in parts[:at] or "done" in parts[at:]:
        return True
    lasting = not {"still", "ongoing"}.isdisjoint(parts[:at]) or "good" in parts[at:]
    return parts[at] == "use" and lasting


def is_plain_no(reply: Sentence) -> bool:
    """Return whether all words together mean no and nothing else: one negation, no degree."""
    content = [word for word in reply.content if word.part not in {"stop", "thumb_down"}]
    while content and content[-1].part == "reason" and len(content) > 1:
        content.pop()
    content = [
        word for n, word in enumerate(content)
        if not (word.part == "emphasis" and n and content[n - 1].part in {"some", "no"})
    ]  # fmt: skip
    negations = [n for n, word in enumerate(content) if word.part in {"not", "no", "not_perhaps"}]
    if any(a.part == "have" and b.text == "nha" for a, b in pairwise(reply.words)):
        return False  # khong co nha: nhá, or nobody at home
    if len(negations) != 1 or not _dates_are_whole(reply):
        return False
    at = negations[0]
    before = [word.part for word in content[:at]]
    behind = content[at + 1 :]
    if not _may_precede(before, [word.part for word in behind]):
        return False
    if (
        _goes_on(reply, content[at])
        or _denies_another(reply, content[at])
        or _is_followed_badly(reply, "have")
    ):
        return False
    if content[at].part == "not_perhaps" and not (behind and behind[0].part == "have"):
        return False
    if content[at].part == "no":
        nothing = content[at].word.endswith("gì")  # không có gì ngoài zalo
        return all(word.part in ({"some"} if nothing else _BEHIND_A_NO) for word in behind)
    return _is_deniable(behind)


def _goes_on(reply: Sentence, negation: Word) -> bool:
    """Return whether something not denied follows a pause: "không dùng zalo, dùng facebook"."""
    parts = clauses(reply.words)
    denied = next(n for n, words in enumerate(parts) if any(w is negation for w in words))
    later = [word for words in parts[denied + 1 :] for word in words]
    verbs = [w.word for words in parts for w in words if w.part in {"use", "deed", "have"}]
    return any(w.part in {"use", "deed", "have"} for w in later) or len(verbs) > len(set(verbs))


def _may_precede(before: list[str], behind: list[str]) -> bool:
    """Return whether it can precede a negation: "họp chưa" is a question, "họp thì chưa" is not."""
    if before and before[-1] == "then":
        return set(before) <= _SUBJECT | {"use", "deed", "have"}
    return set(before) <= _SUBJECT and _has_a_subject(before, [*before, *behind])


def _is_deniable(behind: list[Word]) -> bool:
    """Return whether a plain no may deny this: nothing, or things, actions and "any"."""
    if not behind:
        return True
    parts = [word.part for word in behind]
    if parts[-1] == "link" or any(word.word == "đâu" for word in behind[:-1]):
        return False  # chẳng đâu vào đâu
    if not set(parts) <= _OF_A_NO or "have" in parts[1:]:
        return False
    if any(word.part == "number" and word.number != _ONE for word in behind[: _counted(parts)]):
        return False  # chưa có 5 nhóm: perhaps four
    if parts == ["have"]:
        return True
    if parts[0] == "have" and _is_something_else(parts[1:]):
        return False
    first = {"have", "use", "deed", "thing", "some", "measure", "piece", "number", "already"}
    if parts[0] not in first:
        return False
    return not {"use", "deed", "thing", "some"}.isdisjoint(parts)


def _counted(parts: list[str]) -> int:
    """Return the position up to which numbers may count: not after "tháng" or "năm"."""
    return next((n for n, part in enumerate(parts) if part == "date_word"), len(parts))


def _denies_another(reply: Sentence, negation: Word) -> bool:
    """Return whether it denies a place or a manner ("không ở khu"), or a pause follows."""
    words = reply.words
    at = next(n for n, word in enumerate(words) if word is negation)
    asked = at > 0 and words[at - 1].part == "address" and _is_last(words, at)
    rest = [w for w in words[at + 1 :] if w.part not in {"polite", "vocative", "filler"}]
    if rest and rest[0].part in _NOT_DIRECTLY_BEHIND | {"agreed"}:
        return True
    return asked or [word.part for word in rest[:2]] == ["stop", "have"]


def _is_last(words: Sequence[Word], at: int) -> bool:
    return all(word.part in {"polite", "vocative", "stop"} for word in words[at + 1 :])


def _is_followed_badly(reply: Sentence, part: str) -> bool:
    """Return whether a person, office or time follows "có" directly: then that is what exists."""
    words = reply.words
    addressed = any(
        a.part == part and b.part == "vocative" and c.part not in _AFTERWARDS
        for a, b, c in zip(words, words[1:], words[2:], strict=False)
    )  # có anh rồi
    return addressed or any(a.part == part and _cannot_follow(b) for a, b in pairwise(words))


def _cannot_follow(word: Word) -> bool:
    place = word.part == "area" and word.word.split(" ")[0] in _PLACES
    return word.part in _NOT_DIRECTLY_BEHIND and not place


def _dates_are_whole(reply: Sentence) -> bool:
    """Return whether each "năm", "tháng", "từ" has its number."""
    words = reply.words
    return all(
        word.part != "date_word" or (n + 1 < len(words) and words[n + 1].part in {"number", "when"})
        for n, word in enumerate(words)
    )


def _counts(reply: Sentence) -> int:
    """Return the number of numbers that are not part of a date."""
    words = reply.content
    return sum(
        1 for n, word in enumerate(words)
        if word.part == "number" and (n == 0 or words[n - 1].part != "date_word")
    )  # fmt: skip


def _means_one_day(reply: Sentence) -> bool:
    """Return whether it means "one day": "rồi cũng có"; "rồi, có" is a yes twice."""
    first, *rest = reply.content
    return first.part == "done" and bool(rest) and rest[0].part not in {"stop", "done"}


def _is_of_others(reply: Sentence) -> bool:
    """Return whether another meeting or office follows an action directly."""
    return any(
        a.part == "deed" and b.part == "area" and b.word.split(" ")[0] in _OTHERS
        for a, b in pairwise(reply.words)
    )


def _reports_only(reply: Sentence) -> bool:
    """Return whether only the report is done, or the time has come: "báo cáo rồi"."""
    if not set(reply.parts) <= {"done", "already"} or "done" not in reply.parts:
        return False
    at = next(n for n, word in enumerate(reply.words) if word.part == "done")
    return at > 0 and reply.words[at - 1].part in {"address", "now", "adverb", "filler", "person"}
