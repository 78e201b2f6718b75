"""A reply to "Có … không?" as a sequence of words with their parts of speech."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from criteria.reading.numbers.number_words import Spoken, spoken_number
from criteria.reading.words.number_vocabulary import AFTER_TEN, DIGITS, TEN
from criteria.reading.words.phrase_book import PhraseBook, PhraseMatch
from criteria.reading.words.tokens import Token
from criteria.reading.words.vocabulary import section

# Words that a reply may have anywhere without a change of its meaning.
NOISE = frozenset(
    {"polite", "agreed", "weak_polite", "person", "vocative", "adverb", "area", "now", "filler",
     "address", "picture", "whole"}
)  # fmt: skip
PEOPLE = frozenset({"person", "vocative"})
NEGATIONS = frozenset({"not", "no", "no_perhaps", "not_perhaps", "double_not"})
# Possible parts of speech of a word without marks, the more careful ones first.
CAREFUL_FIRST = (
    "rhetoric", "double_not", "undone", "but", "choose", "question", "guess", "future", "whole",
    "no", "not", "nobody", "yes", "have", "still", "ongoing", "link", "where", "agreed", "then",
    "area", "vocative", "person", "now", "plan", "deed", "use", "thing", "done", "already",
    "own_house", "some", "emphasis", "reason", "no_perhaps", "polite", "institution", "people",
    "filler", "about", "good", "degree", "weak_yes", "weak_polite", "piece", "measure", "when",
    "date_word", "address", "adverb",
)  # fmt: skip
_POSITIVE = frozenset({"yes", "have", "weak_yes"})
_CAREFUL = frozenset({"plan", "undone", "but", "future", "guess", "question", "rhetoric"})
_ADDRESSED = frozenset({"ạ", "bác", "em", "anh", "chị", "cô", "chú", "ông", "bà", "ơi", "cháu"})
_BEFORE_A_NO = frozenset({"", "stop", "polite", "agreed", "weak_polite", "vocative", "person",
                          "area", "now", "still"})  # fmt: skip
_NAMED = frozenset({"thing", "about", "piece", "measure", "people", "area", "number"})
_THUMBS_DOWN = frozenset("❌👎🚫✖❎🙅⛔✗✘")
_STOPS = frozenset(",.;:!-\n()")
_NAME_WORDS = frozenset(DIGITS) | frozenset(AFTER_TEN) | TEN


@dataclass(frozen=True, slots=True)
class Word:
    """A phrase of the reply and its part of speech; "unknown" for a word that no table has."""

    part: str
    text: str
    number: int | None = None
    word: str = ""  # the phrase of the table with all its marks
    weak: bool = False  # alone it only seems to agree ("đủ", "tốt")


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of a reply in order, with "stop" at each pause."""

    words: tuple[Word, ...]

    @property
    def content(self) -> tuple[Word, ...]:
        """The meaningful words: no politeness, no writer, area or time."""
        return tuple(word for word in self.words if word.part not in NOISE)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of speech of the content, without the pauses."""
        return tuple(word.part for word in self.content if word.part != "stop")

    @property
    def is_unmarked(self) -> bool:
        """Whether it is typed without any marks."""
        return all(word.text.isascii() for word in self.words)

    def has(self, *parts: str) -> bool:
        """Return whether any word is one of these parts of speech."""
        return any(word.part in parts for word in self.words)


@cache
def _book() -> PhraseBook:
    return PhraseBook({**section("common"), **section("yes_no")})


@cache
def _labels() -> PhraseBook:
    areas = section("labels")
    return PhraseBook({"area": (*areas["area"], *areas["period"])})


def sentence(tokens: Sequence[Token]) -> Sentence:
    """Return the tokens of a reply as words with their parts of speech."""
    return Sentence(tuple(_words(tokens)))


def _words(tokens: Sequence[Token]) -> Iterator[Word]:
    at, before = 0, ""
    while at < len(tokens):
        word, length = _word(tokens, at, before)
        before = word.part
        yield word
        at += length


def _word(tokens: Sequence[Token], at: int, before: str) -> tuple[Word, int]:
    token = tokens[at]
    if token.kind == "sign":
        return Word(_sign(token.text), token.text), 1
    if token.kind == "number":
        no = token.number == 0 and "có" in _known(tokens, at + 1)
        return Word("not_perhaps" if no else "number", token.text, token.number), 1
    label = _label_length(tokens, at)
    if label:
        return Word("area", token.text), label
    found = _phrase(tokens, at)
    if before in PEOPLE and _is_a_name(tokens, at, found):
        return Word("name", token.text), 1
    if token.text in {"k", "ch"} and (found is None or found.length == 1):
        return Word("not_perhaps", token.text), 1
    if token.text == "hong" and before not in _BEFORE_A_NO:
        return Word("undone", token.text, word="hỏng"), 1  # dang hong
    spoken = _spoken(tokens, at)
    if spoken and (found is None or spoken.end - at > found.length):
        return Word("number", token.text, spoken.value), spoken.end - at
    if found is None:
        return Word("unknown", token.text), 1
    return _from_table(tokens, at, before, found)


def _from_table(
    tokens: Sequence[Token], at: int, before: str, found: PhraseMatch
) -> tuple[Word, int]:
    """Return the phrase with its part of speech, or only its first word after certain words."""
    text = tokens[at].text
    part = next(part for part in CAREFUL_FIRST if part in found.tags)
    if part in {"no", "yes", "but"} and before == "not" and "có" in tokens[at].known:
        return Word("have", text), 1  # "không có đâu" is one no; "có mô hình" has no "có mô"
    if part == "no" and found.phrases[part].startswith("nào") and before in _NAMED:
        return Word("some", text, word="nào"), 1  # zalo nào có
    if text == "nha" and part == "polite" and not _ends_there(tokens, at + 1):
        return Word("measure", text, word="nhà"), 1  # co nha dung roi
    if at == 0 and text == "à":
        return Word("polite", text), 1
    whole = " ".join(t.text for t in tokens[at : at + found.length])
    return Word(part, whole, None, found.phrases[part], "weak_yes" in found.tags), found.length


def _ends_there(tokens: Sequence[Token], at: int) -> bool:
    """Return whether only polite words follow."""
    known = _known(tokens, at)
    return at >= len(tokens) or tokens[at].kind == "sign" or not known.isdisjoint(_ADDRESSED)


def _spoken(tokens: Sequence[Token], at: int) -> Spoken | None:
    """Read a number in words here. "năm không" is not one: it may mean a year without it."""
    spoken = spoken_number(tokens, at)
    if spoken is None or spoken.sure:
        return spoken
    has_no = any("không" in token.known for token in tokens[at : spoken.end])
    return None if has_no else spoken


def _phrase(tokens: Sequence[Token], at: int) -> PhraseMatch | None:
    """Return the longest phrase that begins here; None if there is none.

    Typed without marks, "co du an" may begin with "có đủ" or with "có". If a careful phrase begins
    inside the longest one and continues after it, the longest one is cut there.
    """
    found = _book().longest(tokens, at)
    length = found.length if found else 0
    for inside in range(at + 1, at + length):
        unmarked = tokens[at].unmarked and tokens[inside].unmarked
        other = _book().longest(tokens, inside) if unmarked else None
        if other is None or found is None or inside + other.length <= at + length:
            continue
        positive = not _POSITIVE.isdisjoint(found.tags) and not _CAREFUL.isdisjoint(other.tags)
        if positive or other.length > length:
            return _book().longest(tokens[at:inside], 0)
    return found


def _known(tokens: Sequence[Token], at: int) -> frozenset[str]:
    return tokens[at].known if at < len(tokens) else frozenset()


def _label_length(tokens: Sequence[Token], at: int) -> int:
    """Return the length of "khu 5" or "tháng 11" if it begins here; else 0."""
    found = _labels().longest(tokens, at)
    if found is None or at + found.length >= len(tokens):
        return 0
    following = tokens[at + found.length]
    known = _book().longest(tokens, at)
    if following.kind != "number" or following.odd or (known and known.length > found.length):
        return 0
    return found.length + 1


def _is_a_name(tokens: Sequence[Token], at: int, found: PhraseMatch | None) -> bool:
    """Return whether it is a name like Bảy after "anh": a number word outside a longer number."""
    if tokens[at].known.isdisjoint(_NAME_WORDS) or (found and found.length > 1):
        return False
    if found and not {"not", "some"}.isdisjoint(found.tags):
        return False  # em không
    spoken = spoken_number(tokens, at)
    return spoken is None or spoken.end - at == 1


def _sign(text: str) -> str:
    if text in _STOPS:
        return "stop"
    if text in _THUMBS_DOWN:
        return "thumb_down"
    if text == "?":
        return "question_mark"
    return "share" if text in "/\\%|<>~+=" else "stop" if text == "…" else "picture"


def clauses(words: Sequence[Word]) -> list[tuple[Word, ...]]:
    """Return the words between pauses, without the pauses and empty clauses."""
    found: list[list[Word]] = [[]]
    for word in words:
        if word.part == "stop":
            found.append([])
        else:
            found[-1].append(word)
    return [tuple(one) for one in found if one]
