"""The questions that a report answers, and the names that people use for them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from criteria.definition import CriteriaSet
from criteria.kinds.base import kind_of
from criteria.reading.outcome import Kind
from criteria.reading.own_units import explain_count_of
from criteria.reading.reading import Explanation, explain
from criteria.reading.words.folding import may_stand_for, plain, syllable
from criteria.reading.words.raw_typing import raw_spellings
from criteria.reading.words.tokens import Token
from criteria.reading.words.vocabulary import Phrase, section

_LONGEST_GAP = 2  # the most words between those of a name: "tổ CHƯA họp"


@dataclass(frozen=True, slots=True)
class ReportQuestion:
    """One question: its number as the person counts, its code, its kind, and its names."""

    number: int
    code: str
    kind: Kind
    names: tuple[str, ...]
    units: tuple[str, ...] = ()  # the set's own words for what is counted

    def explain(self, text: str) -> Explanation:
        """Read an answer to this question; return the deciding rules too."""
        return explain_count_of(text, self.units) if self.units else explain(text, self.kind)


@lru_cache(maxsize=64)
def questions_of(criteria: CriteriaSet, *, office: bool) -> tuple[ReportQuestion, ...]:
    """Return the questions that an area (or the office) is asked, in the order of the set."""
    return tuple(
        ReportQuestion(
            number,
            one.code,
            kind_of(one.kind).reads_as,
            tuple(
                dict.fromkeys(
                    [one.text(language, office=office).short for language in ("vi", "en")]
                    + [*one.names.vi, *one.names.en]
                )
            ),
            kind_of(one.kind).units(one),
        )
        for number, one in enumerate(criteria.asked_of(office=office), start=1)
    )


@dataclass(frozen=True, slots=True)
class Name:
    """A name at a place in the message; `inside` are the tokens between its words."""

    question: int
    start: int
    end: int
    inside: tuple[int, ...] = ()


class QuestionBook:
    """The questions of a report, found by number, by code or by name."""

    def __init__(self, questions: Sequence[ReportQuestion]) -> None:
        self.questions = {one.number: one for one in questions}
        self._by_code = {one.code.lower(): one.number for one in questions}
        self._names: dict[str, list[tuple[Phrase, int]]] = {}
        for question in questions:
            for name in question.names:
                words = tuple(plain_words(name))
                if words:
                    self._names.setdefault(words[0], []).append((words, question.number))

    @property
    def count(self) -> int:
        """The number of questions."""
        return len(self.questions)

    def kind(self, number: int) -> Kind | None:
        """Return the kind of this question; None if there is no such question."""
        question = self.questions.get(number)
        return question.kind if question else None

    def coded(self, code: str) -> int | None:
        """Return the number of the question with this code in any case; None if it is not asked."""
        return self._by_code.get(code.lower())

    @cached_property
    def code_letters(self) -> frozenset[str]:
        """The letters with which codes begin, in lower case, also of codes not asked here."""
        return frozenset(code.rstrip("0123456789") for code in self._by_code)

    @cached_property
    def codes(self) -> re.Pattern[str]:
        """A pattern for the codes, with one group for the letters and one for the digits."""
        letters = sorted(filter(None, self.code_letters), key=len, reverse=True)
        return re.compile(rf"\b({'|'.join(letters) or '(?!)'})(\d{{1,3}})\b", re.IGNORECASE)

    @cached_property
    def lexicon(self) -> "Lexicon":
        """All words of the names."""
        named = (phrase for names in self._names.values() for phrase, _ in names)
        return Lexicon(word for phrase in named for word in phrase)

    def names_word(self, number: int, known: frozenset[str]) -> bool:
        """Return whether one of these words is in a name of this question."""
        return not known.isdisjoint(self._words.get(number, frozenset()))

    @cached_property
    def _words(self) -> dict[int, frozenset[str]]:
        named: dict[int, set[str]] = {}
        for names in self._names.values():
            for phrase, number in names:
                named.setdefault(number, set()).update(phrase)
        return {number: frozenset(words) for number, words in named.items()}

    def name_at(self, tokens: Sequence[Token], at: int, end: int) -> Name | None:
        """Return the longest name that begins at this token; None if two questions share it."""
        best: list[tuple[int, int, Name]] = []
        for word in tokens[at].known:
            for phrase, number in self._names.get(word, ()):
                inside = _matched(tokens, at, end, phrase)
                if inside is not None:
                    last = at + len(phrase) + len(inside)
                    best.append((len(phrase), -len(inside), Name(number, at, last, inside)))
        if not best:
            return None
        top = max(one[:2] for one in best)
        found = {one[2].question: one[2] for one in best if one[:2] == top}
        return next(iter(found.values())) if len(found) == 1 else None


def plain_words(name: str) -> list[str]:
    """Return the words of a name, in lower case and without signs."""
    return "".join(c if c.isalnum() else " " for c in name.lower()).split()


def _matched(tokens: Sequence[Token], at: int, end: int, phrase: Phrase) -> tuple[int, ...] | None:
    """Return the tokens between the words of the phrase if the phrase is here, else None."""
    inside: list[int] = []
    place = at
    for n, word in enumerate(phrase):
        gap: list[int] = []
        while place < end and word not in tokens[place].known:
            fits = n and len(gap) < _LONGEST_GAP and not _gap().isdisjoint(tokens[place].known)
            if not fits:
                return None
            gap.append(place)
            place += 1
        if place >= end:
            return None
        inside += gap
        place += 1
    return tuple(inside)


@cache
def _gap() -> frozenset[str]:
    return frozenset(word for phrase in section("report_words")["gap"] for word in phrase)


class Lexicon:
    """The words of a list, found by what was typed: without marks or in raw Telex or VNI."""

    def __init__(self, words: Iterable[str]) -> None:
        self._letters: dict[str, set[str]] = {}
        unique = sorted(set(words))
        for word in unique:
            self._letters.setdefault(plain(word), set()).add(word)
        raw = raw_spellings(unique)
        self._raw = {typed: word for typed, word in raw.items() if typed not in self._letters}

    def meanings(self, typed: str) -> frozenset[str]:
        """Return the words that it may stand for."""
        letters = self._letters.get(plain(typed))
        if letters is None:
            raw = self._raw.get(typed)
            return frozenset({raw}) if raw else frozenset()
        if typed.isascii():
            return frozenset(letters)
        same = frozenset(word for word in letters if syllable(word) == syllable(typed))
        return same or frozenset(word for word in letters if may_stand_for(typed, word))


@lru_cache(maxsize=64)
def book_of(questions: tuple[ReportQuestion, ...]) -> QuestionBook:
    """Return the book of these questions."""
    return QuestionBook(questions)
