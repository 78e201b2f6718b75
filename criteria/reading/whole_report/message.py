"""A message as a sequence of tokens, and functions for what is at each position."""

from dataclasses import dataclass, replace
from functools import cache

from criteria.reading.whole_report.normalization import APART, total_is_last, written
from criteria.reading.whole_report.questions import Lexicon, Name, QuestionBook
from criteria.reading.words.phrase_book import PhraseBook
from criteria.reading.words.tokens import Token, tokenize
from criteria.reading.words.vocabulary import section

LONGEST = 4096  # characters of a Telegram message
_LONGEST_PHRASE = 12  # tokens
_LARGEST = 99  # the largest number of a question
_LARGEST_LABEL = 60  # areas in a commune, days, months
YEARS = range(1990, 2101)
_CLAUSE_ENDS = frozenset("\n.,;:")


@dataclass(frozen=True, slots=True)
class TypedReport:
    """The text, its tokens with every word that they may stand for, and the questions."""

    text: str
    tokens: tuple[Token, ...]
    book: QuestionBook
    total_last: bool | None = None  # whether a table's heading has the total after the count

    def part(self, start: int, end: int) -> str:
        """Return the text from one token up to another."""
        if start >= end:
            return ""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end].replace(APART, "")

    def text_at(self, at: int) -> str:
        """Return the text of a token; "" for a position outside the message."""
        return self.tokens[at].text if 0 <= at < len(self.tokens) else ""

    def words_at(self, at: int) -> frozenset[str]:
        """Return the words that a token may stand for; none for a position outside the message."""
        return self.tokens[at].known if 0 <= at < len(self.tokens) else frozenset()

    def has(self, at: int, part: str) -> bool:
        """Return whether a token may be one of the single words of this part in the table."""
        return not self.words_at(at).isdisjoint(words_of(part))

    def number(self, at: int, most: int | None = _LARGEST) -> int | None:
        """Return the plain number in digits here; None if there is none or it is above `most`."""
        token = self.tokens[at] if 0 <= at < len(self.tokens) else None
        if token is None or token.number is None or token.odd or not token.text.isdecimal():
            return None
        return token.number if most is None or token.number <= most else None

    def is_number(self, at: int) -> bool:
        """Return whether a number of any form is here."""
        return 0 <= at < len(self.tokens) and self.tokens[at].number is not None

    def is_figure(self, at: int) -> bool:
        """Return whether a number is here, not one of an area or date ("khu 5", "ngày 25")."""
        if not self.is_number(at):
            return False
        number = self.tokens[at].number or 0
        if self.text_at(at - 1) == "/" and self.is_number(at - 2):
            return self.is_figure(at - 2)
        labelled = self.has(at - 1, "area") or self.has(at - 1, "dated")
        return not (labelled and (number <= _LARGEST_LABEL or number in YEARS))

    def touches(self, at: int) -> bool:
        """Return whether a token directly follows the one before it, without a space."""
        return 0 < at < len(self.tokens) and self.tokens[at].start == self.tokens[at - 1].end

    def is_glued(self, at: int) -> bool:
        """Return whether a comma or a point between two digits is here: 3,5."""
        if self.text_at(at) not in {",", "."} or not 0 < at < len(self.tokens) - 1:
            return False
        before, sign, after = self.tokens[at - 1 : at + 2]
        around = self.text[before.end : sign.start] + self.text[sign.end : after.start]
        return around == 2 * APART

    def phrase(self, at: int, end: int | None = None) -> tuple[frozenset[str], int]:
        """Return the parts of the longest phrase about reports that begins here, and its length."""
        return longest(report_phrases(), self.tokens, at, end)

    def name(self, at: int, end: int | None = None) -> Name | None:
        """Return the longest name of a question that begins here; None if there is none."""
        last = len(self.tokens) if end is None else end
        return self.book.name_at(self.tokens, at, last) if 0 <= at < last else None


def message_of(text: str, book: QuestionBook) -> TypedReport:
    """Return the message as tokens, ready to be cut into parts."""
    text = written(text, book.codes, book.count)
    tokens: list[Token] = []
    clause: list[Token] = []
    for token in tokenize(text):
        clause.append(token)
        if token.text in _CLAUSE_ENDS:
            tokens += _with_words(clause, book)
            clause = []
    return TypedReport(text, (*tokens, *_with_words(clause, book)), book, total_is_last(text))


def longest(
    phrases: PhraseBook, tokens: tuple[Token, ...], at: int, end: int | None = None
) -> tuple[frozenset[str], int]:
    """Return the parts of the longest phrase here and its length; no parts and 0 without one."""
    last = len(tokens) if end is None else end
    if not 0 <= at < last or tokens[at].kind != "word":
        return frozenset(), 0
    found = phrases.longest(tokens[at : min(last, at + _LONGEST_PHRASE)], 0)
    return (frozenset(found.tags), found.length) if found else (frozenset(), 0)


def _with_words(clause: list[Token], book: QuestionBook) -> list[Token]:
    """Return the tokens with the words of names and reports among their known words.

    In a clause with marks, a word without marks ("con") means the word without marks. Names may
    always lack their marks.
    """
    words = [token for token in clause if token.kind == "word"]
    marked = 3 * sum(not token.unmarked for token in words) >= len(words)
    found: list[Token] = []
    for token in clause:
        more = _report_lexicon().meanings(token.text) if token.kind == "word" else frozenset()
        if marked and token.text in more | token.known:
            more &= {token.text}
        if token.kind == "word":
            more |= book.lexicon.meanings(token.text)
        found.append(replace(token, known=token.known | more) if more - token.known else token)
    return found


@cache
def _report_lexicon() -> Lexicon:
    parts = [line for name in ("report", "report_words") for line in section(name).values()]
    return Lexicon(word for line in parts for phrase in line for word in phrase)


@cache
def report_phrases() -> PhraseBook:
    """Return the table's phrases about reports, by part."""
    return PhraseBook(section("report"))


@cache
def words_of(part: str) -> frozenset[str]:
    """Return the single words of this part of the table."""
    return frozenset(word for (word, *_) in section("report_words")[part])
