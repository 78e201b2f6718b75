"""When every word of a reply is understood: the two patterns that make a clear yes or no."""

from criteria.reading.sentence import Sentence, Word

# Beside a yes or a no these say more of it and never turn it round.
_SUBJECT = frozenset({"thing", "about", "measure", "piece", "number", "still", "already", "where", "when",
                      "link", "then"})  # fmt: skip
_OF_A_YES = frozenset({"have", "done", "already", "still", "yes", "use", "deed", "thing", "about",
                       "good", "measure", "piece", "number", "where", "when", "link", "then", "emphasis"})  # fmt: skip
_OF_A_NO = frozenset({"have", "use", "deed", "thing", "about", "measure", "piece", "number", "some", "where",
                      "when", "link", "already", "emphasis"})  # fmt: skip
_SOLID = frozenset({"done", "thing", "use", "deed", "good", "when", "yes", "have", "emphasis"})
_ONE = 1


def is_plain_yes(said: Sentence) -> bool:
    """Whether all of its words together say yes and nothing else."""
    parts = said.parts
    if not parts or not set(parts) <= _OF_A_YES:
        return False
    if any(word.part == "address" for word in _before_done(said)):
        return False  # báo cáo rồi
    return _has(parts) or _is_done(parts)


def _has(parts: tuple[str, ...]) -> bool:
    """Có, with what there is behind it and who has it before it."""
    at = next((n for n, part in enumerate(parts) if part in {"have", "yes"}), None)
    if at is None or not set(parts[:at]) <= _SUBJECT:
        return _done_first(parts, at)
    before = parts[:at]
    if {"link", "measure"} & set(before) and "thing" not in before:
        return False  # cho là có, 350 người có
    behind = parts[at + 1 :]
    if "then" in behind:
        return False
    pieces = {"number", "piece"} <= set(behind)  # có 2 cái
    return not behind or pieces or not _SOLID.isdisjoint(behind) or "thing" in parts[:at]


def _done_first(parts: tuple[str, ...], at: int | None) -> bool:
    """So "họp rồi, có họp": a deed that is done, then có."""
    return at is not None and _is_done(parts[:at]) and "then" not in parts[at:]


def _is_done(parts: tuple[str, ...]) -> bool:
    """A deed that is done ("đã lắp", "họp rồi"), or a state that lasts ("đang dùng")."""
    if set(parts) <= {"done", "already"}:
        return "done" in parts
    at = next((n for n, part in enumerate(parts) if part in {"use", "deed"}), None)
    if at is None or not set(parts[:at]) <= _SUBJECT or "then" in parts[at:]:
        return False
    if "already" in parts[:at] or "done" in parts[at:]:
        return True
    lasting = "still" in parts[:at] or "good" in parts[at:]
    return parts[at] == "use" and lasting


def is_plain_no(said: Sentence) -> bool:
    """Whether all of its words together say no and nothing else: one negation, no degree."""
    content = [word for word in said.content if word.part not in {"stop", "picture", "thumb_down"}]
    while content and content[-1].part == "reason" and len(content) > 1:
        content.pop()
    negations = [n for n, word in enumerate(content) if word.part in {"not", "no", "not_perhaps"}]
    if len(negations) != 1:
        return False
    at = negations[0]
    before, behind = content[:at], content[at + 1 :]
    if not _may_precede(before, behind) or _denies_another(said, content[at]):
        return False
    if content[at].part == "not_perhaps" and not (behind and behind[0].part == "have"):
        return False
    if content[at].part == "no":
        return all(word.part in _OF_A_NO - {"have", "number"} for word in behind)
    return _denied(behind)


def _may_precede(before: list[Word], behind: list[Word]) -> bool:
    """Who has it not; "họp chưa" is a question, "họp thì chưa" is none."""
    parts = [word.part for word in before]
    if parts and parts[-1] == "then":
        return set(parts) <= _SUBJECT | {"use", "deed", "have"}
    return set(parts) <= _SUBJECT


def _denied(behind: list[Word]) -> bool:
    """What a negation may deny for a plain no: nothing named, or things, deeds, and "any"."""
    if not behind:
        return True
    parts = [word.part for word in behind]
    if not set(parts) <= _OF_A_NO or "have" in parts[1:]:
        return False
    if any(word.part == "number" and word.number != _ONE for word in behind):
        return False  # chưa có 5 nhóm: perhaps four
    if parts == ["have"]:
        return True
    if parts[0] not in {"have", "use", "deed", "thing", "some", "measure", "piece", "number", "already"}:
        return False
    return not {"use", "deed", "thing", "some"}.isdisjoint(parts)


def _denies_another(said: Sentence, negation: Word) -> bool:
    """Whether it denies where or when ("không ở khu"), or nothing: "không, có" pauses behind it."""
    words = said.words
    at = next(n for n, word in enumerate(words) if word is negation)
    rest = [w.part for w in words[at + 1 :] if w.part not in {"polite", "person", "filler"}]
    if rest and rest[0] in {"area", "now", "address", "agreed"}:
        return True
    return rest[:2] == ["stop", "have"]


def _before_done(said: Sentence) -> tuple[Word, ...]:
    """What stands directly before "rồi", when that is all there is to the yes."""
    if "done" not in said.parts or not set(said.parts) <= {"done", "already"}:
        return ()
    at = next(n for n, word in enumerate(said.words) if word.part == "done")
    return said.words[max(at - 1, 0) : at]
