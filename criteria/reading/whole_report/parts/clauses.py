"""A part of a message, cut into clauses at its pauses, and what a clause is about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from criteria.reading.whole_report.message import YEARS, TypedReport
from criteria.reading.whole_report.parts.rest import rest_in
from criteria.reading.whole_report.questions import Name
from criteria.reading.words.tokens import Token, tokenize
from criteria.reading.yes_no.sentence import sentence

_PAUSES = frozenset("\n;,.!|…")
_DASHES = frozenset("-–+•")
_PICTURES = frozenset("✅✔☑❌✖✗✘👍👎")
_CONNECTORS = frozenset({"và", "với", "cùng", "lẫn"})
_OPENERS = frozenset({"dạ", "vâng", "à", "ơi"})
_MOST_NAMES = 8  # the words of a signature, at most
_TELEPHONE = 9  # the digits of a telephone number, at least
# Parts of speech that answer, or that cancel an answer.
_ANSWERING_PARTS = (
    "have", "yes", "no", "not", "no_perhaps", "not_perhaps", "but", "undone", "plan", "future",
    "guess", "question", "nobody", "rhetoric", "double_not",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clause:
    """The tokens between two pauses; `before` is the sign before them."""

    start: int
    end: int
    before: str


def clauses_of(
    message: TypedReport, start: int, end: int, *, commas_part: bool = False
) -> Iterator[Clause]:
    """Yield the clauses between two tokens, without empty ones.

    `commas_part`: the comma of "350,9", which may be a decimal, is a pause too.
    """
    begin, before, depth = start, "", 0
    for at in range(start, end):
        sign = message.text_at(at)
        depth = 0 if sign == "\n" else max(0, depth + (sign == "(") - (sign == ")"))
        if depth or not is_pause(message, at, start, end):
            continue
        if _is_decimal(message, at, start, end) and not (commas_part and sign == ","):
            continue
        if begin < at:
            yield Clause(begin, at, before)
            before = sign
        elif sign == "\n" or not before:
            before = sign
        begin = at + 1
    if begin < end:
        yield Clause(begin, end, before)


def is_pause(message: TypedReport, at: int, start: int = 0, end: int | None = None) -> bool:
    """Return whether the sign here is a pause: a comma, a new line, a dash between spaces."""
    sign = message.text_at(at)
    last = (len(message.tokens) if end is None else end) - 1
    if sign in _DASHES and start < at < last:
        return not (message.touches(at) or message.touches(at + 1))
    return sign in _PAUSES


def _is_decimal(message: TypedReport, at: int, start: int, end: int) -> bool:
    """Return whether it is the sign of a decimal such as 1.23 or 3,5."""
    figures = start < at < end - 1 and message.is_number(at - 1) and message.is_number(at + 1)
    return figures and message.is_glued(at)


# --- names


def names_in(message: TypedReport, start: int, end: int) -> list[Name]:
    """Return the names between two tokens, without words that only sound like a name."""
    found: list[Name] = []
    at = start
    while at < end:
        parts, length = message.phrase(at, end)
        name = message.name(at, end)
        if "unnamed" in parts and (not name or name.end <= at + length):
            at += length
        elif name:
            found.append(name)
            at = name.end
        else:
            at += 1
    return found


def is_means(message: TypedReport, name: Name) -> bool:
    """Return whether the name is only a means or a place here: "báo qua zalo"."""
    return message.has(name.start - 1, "through")


def grouped(message: TypedReport, names: Sequence[Name]) -> list[list[Name]]:
    """Group names joined by "và" or "với": one answer is about all of them."""
    groups: list[list[Name]] = []
    for name in names:
        last = groups[-1][-1] if groups else None
        between = message.tokens[last.end : name.start] if last else ()
        joined = bool(between) and all(_connects(token) for token in between)
        if last and (joined or last.question == name.question):
            groups[-1].append(name)
        else:
            groups.append([name])
    return groups


def _connects(token: Token) -> bool:
    return token.text in {"&", "+", "/"} or not token.known.isdisjoint(_CONNECTORS)


# --- answers


def answers_in(
    message: TypedReport, start: int, end: int, *, ratio: bool, without: Sequence[Name] = ()
) -> bool:
    """Return whether anything between two tokens can be an answer to a question of this kind."""
    skipped = {n for name in without for n in range(name.start, name.end) if n not in name.inside}
    for at in range(start, end):
        token = message.tokens[at]
        if at in skipped:
            continue
        if token.text == "?" or (message.is_figure(at) and (ratio or token.number == 0)):
            return True
        if message.has(at, "countless" if ratio else "answering"):
            return True
        if not ratio and token.text in _PICTURES:
            return True
    return False


def answers_anything(message: TypedReport, start: int, end: int) -> bool:
    """Return whether anything between two tokens can be an answer to any question."""
    inside = message, start, end
    return answers_in(*inside, ratio=True) or answers_in(*inside, ratio=False)


def has_figure(message: TypedReport, start: int, end: int) -> bool:
    """Return whether there is a figure between two tokens."""
    return any(message.is_figure(at) for at in range(start, end))


def is_short_answer(message: TypedReport, clause: Clause, names: Sequence[Name]) -> bool:
    """Return whether the clause is only a name and a plain answer: "zalo có rồi ạ"."""
    named = {n for name in names for n in range(name.start, name.end)}
    for at in range(clause.start, clause.end):
        token = message.tokens[at]
        plain = token.kind != "word" or message.has(at, "short")
        if at not in named and not plain:
            return False
    return True


def says_yes_or_no(message: TypedReport, clause: Clause) -> bool:
    """Return whether the clause has a word for yes or no."""
    return any(message.has(at, "yes_or_no") for at in range(clause.start, clause.end))


def shares_in(message: TypedReport, start: int, end: int) -> int:
    """Return the number of shares between two tokens: "350/400" or "350 trên 400"."""
    return sum(is_share(message, at, start) for at in range(start + 1, end - 1))


def is_share(message: TypedReport, at: int, start: int = 0) -> bool:
    """Return whether the stroke here belongs to a share and not to a date."""
    stroke = message.text_at(at) == "/" or "trên" in message.words_at(at)
    if not stroke or not (message.is_number(at - 1) and message.is_number(at + 1)):
        return False
    of_more = at - 2 >= start and message.text_at(at - 2) == "/"
    whole = message.tokens[at + 1].number
    return not of_more and message.is_figure(at - 1) and whole not in YEARS


# --- text without figures


def is_noise(message: TypedReport, clause: Clause) -> bool:
    """Return whether the clause only greets, thanks, or names or contacts the writer."""
    at = clause.start
    while at < clause.end and (
        message.tokens[at].kind == "sign" or not message.words_at(at).isdisjoint(_OPENERS)
    ):
        at += 1
    if at >= clause.end or message.phrase(at, clause.end)[0] & {"noise", "contact"}:
        return True
    return _is_telephone(message, clause)


def _is_telephone(message: TypedReport, clause: Clause) -> bool:
    tokens = message.tokens[clause.start : clause.end]
    digits = "".join(token.text for token in tokens if token.number is not None)
    return digits.startswith("0") and len(digits.replace(".", "")) >= _TELEPHONE


def is_signature(message: TypedReport, clause: Clause) -> bool:
    """Return whether it is a name on a separate line: capitals, and no word that answers."""
    if clause.before not in {"\n", "."} or says_yes_or_no(message, clause):
        return False
    if rest_in(message, clause.start, clause.end):
        return False
    words = message.part(clause.start, clause.end).strip(" .-").split()
    if not 1 < len(words) <= _MOST_NAMES or has_figure(message, clause.start, clause.end):
        return False
    return sum(word.istitle() for word in words) >= max(2, len(words) - 1)


def tails(message: TypedReport) -> Iterator[int]:
    """Yield where an end without figures may begin: thanks, a name, a telephone number.

    The number of tokens comes first, then the positions of longer and longer ends.
    """
    yield len(message.tokens)
    for clause in reversed(list(clauses_of(message, 0, len(message.tokens)))):
        figures = has_figure(message, clause.start, clause.end)
        asked = any("câu" in message.words_at(at) for at in range(clause.start, clause.end))
        silent = is_noise(message, clause) or is_signature(message, clause)
        telephone = _is_telephone(message, clause)
        if asked or not silent or not clause.start or (figures and not telephone):
            return
        yield clause.start


def is_remark(message: TypedReport, clause: Clause) -> bool:
    """Return whether a line neither answers nor cancels an answer: no "có", no "nhưng"."""
    tokens = message.tokens[clause.start : clause.end]
    figures = any(token.number is not None or token.text == "?" for token in tokens)
    if clause.before != "\n" or figures:
        return False
    reply = sentence(tokenize(message.part(clause.start, clause.end)))
    return not reply.has(*_ANSWERING_PARTS)
