"""A stretch of a message cut where it pauses, and what its clauses are about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from criteria.reading.sentence import sentence
from criteria.reading.tokens import Token, tokenize
from criteria.reading.whole_report.message import Message
from criteria.reading.whole_report.questions import Name, QuestionBook, report_words

_PAUSES = frozenset("\n;,.!|…")
_ANSWERING = frozenset(
    {"có", "chưa", "không", "rồi", "đã", "chả", "chẳng", "chửa", "đang", "đủ", "hết", "tất", "cả",
     "hỏng", "hư", "sắp", "mất", "tháo", "giải", "định", "lỗi", "vẫn", "đều", "mới", "lắp", "lập", "hoạt", "chạy", "biết", "rõ", "sau", "nguyên", "cũ", "đạt", "yes", "no"}
)  # fmt: skip
_SAYS_YES_OR_NO = frozenset({"có", "chưa", "không", "rồi", "đã", "chả", "chẳng", "chửa", "đang"})
_COUNTLESS = frozenset(
    {"đủ", "tất", "hết", "cả", "biết", "rõ", "sau", "nguyên", "cũ", "mấy", "vài", "nhiều", "hơn",
     "ít", "trước", "nửa", "thống", "đếm", "đối"}
)  # fmt: skip
_SHORT = frozenset(
    {"có", "chưa", "không", "rồi", "ạ", "nhé", "nha", "thì", "là", "được", "đủ", "dạ", "em", "khu",
     "nhà", "đều", "hết", "cả", "đã", "trên", "người", "hộ", "cơ", "sở", "thôi", "luôn", "trừ", "và", "với"}
)  # fmt: skip
_PICTURES = frozenset("✅✔☑❌✖✗✘👍👎")
_THROUGH = frozenset({"qua", "bằng", "để", "về", "vào", "trong", "của", "cài", "gửi", "lên", "cho",
                      "hướng", "dẫn", "nhắn", "báo"})  # fmt: skip
_TELLING = ("have", "yes", "no", "not", "no_perhaps", "not_perhaps", "but", "undone", "plan",
            "future", "guess", "question", "nobody", "rhetoric", "double_not")  # fmt: skip
_DATED = frozenset({"ngày", "mùng", "tháng", "kỳ", "quý", "hôm", "đợt"})
_YEARS = range(1990, 2101)
_CONNECTORS = frozenset({"và", "với", "cùng", "lẫn"})


@dataclass(frozen=True, slots=True)
class Clause:
    """Tokens between two pauses; `before` is the sign that parts it from what stands before."""

    start: int
    end: int
    before: str


def clauses_of(
    tokens: Sequence[Token], start: int, end: int, *, commas_part: bool = False
) -> Iterator[Clause]:
    """The clauses between two tokens, empty ones left out.

    `commas_part`: also the comma of "350,9", which may be a decimal.
    """
    begin, before, depth = start, "", 0
    for at in range(start, end):
        token = tokens[at]
        depth += (token.text == "(") - (token.text == ")" and depth > 0)
        if not is_pause(tokens, at, start, end) or (depth and token.text != "\n"):
            continue
        if _is_decimal(tokens, at, start, end) and not (commas_part and token.text == ","):
            continue
        depth = 0 if token.text == "\n" else depth
        if begin < at:
            yield Clause(begin, at, before)
            before = token.text
        elif token.text == "\n" or not before:
            before = token.text
        begin = at + 1
    if begin < end:
        yield Clause(begin, end, before)


def is_pause(tokens: Sequence[Token], at: int, start: int = 0, end: int | None = None) -> bool:
    """Whether the sign here parts what is said: a comma, a new line, a dash between spaces."""
    end = len(tokens) if end is None else end
    token = tokens[at]
    if token.kind != "sign":
        return False
    if token.text in _PAUSES:
        return True
    if token.text not in {"-", "–", "+", "•"} or not start < at < end - 1:
        return False
    return tokens[at - 1].end < token.start and token.end < tokens[at + 1].start


def _is_decimal(tokens: Sequence[Token], at: int, start: int, end: int) -> bool:
    """The sign of 1.23 or 3,5: between two figures, without a space."""
    if tokens[at].text not in {".", ","} or not start < at < end - 1:
        return False
    before, after = tokens[at - 1], tokens[at + 1]
    glued = tokens[at].start - before.end <= 1 and after.start - tokens[at].end == 1
    return (
        before.number is not None
        and after.number is not None
        and glued
        and before.end != tokens[at].start
    )


def names_in(tokens: Sequence[Token], start: int, end: int, book: QuestionBook) -> list[Name]:
    """The names between two tokens, without what only sounds like one ("gọi điện thoại")."""
    found: list[Name] = []
    at = start
    inside = tokens[:end]
    while at < end:
        phrase = report_words().longest(inside, at)
        name = book.name_at(inside, at)
        if phrase and "unnamed" in phrase.tags and (not name or name.end <= at + phrase.length):
            at += phrase.length
        elif name:
            found.append(name)
            at = name.end
        else:
            at += 1
    return found


def is_means(tokens: Sequence[Token], name: Name) -> bool:
    """Whether it is only a means or a place: "báo qua zalo"."""
    return name.start > 0 and not tokens[name.start - 1].known.isdisjoint(_THROUGH)


def grouped(tokens: Sequence[Token], names: Sequence[Name]) -> list[list[Name]]:
    """Names joined by "và", "với" or nothing but a comma: one answer is said of them all."""
    groups: list[list[Name]] = []
    for name in names:
        last = groups[-1][-1] if groups else None
        between = tokens[last.end : name.start] if last else ()
        same = last is not None and (
            last.question == name.question
            or (bool(between) and all(_connects(token) for token in between))
        )
        if same:
            groups[-1].append(name)
        else:
            groups.append([name])
    return groups


def _connects(token: Token) -> bool:
    return token.text in {"&", "+", "/"} or not token.known.isdisjoint(_CONNECTORS)


def answers_in(
    tokens: Sequence[Token], start: int, end: int, *, ratio: bool, without: Sequence[Name] = ()
) -> bool:
    """Whether anything between two tokens can be an answer to a question of this kind."""
    skipped = {n for name in without for n in range(name.start, name.end) if n not in name.inside}
    for at in range(start, end):
        token = tokens[at]
        if at in skipped:
            continue
        if token.number is not None and (ratio or token.number == 0):
            return True
        if token.text == "?":
            return True
        if ratio:
            if not token.known.isdisjoint(_COUNTLESS):
                return True
        elif token.text in _PICTURES or not token.known.isdisjoint(_ANSWERING):
            return True
    return False


def is_short_answer(tokens: Sequence[Token], clause: Clause, names: Sequence[Name]) -> bool:
    """Whether the clause is a name and a plain answer, and nothing else: "zalo có rồi ạ"."""
    named = {n for name in names for n in range(name.start, name.end)}
    for at in range(clause.start, clause.end):
        token = tokens[at]
        if at in named or token.number is not None or token.text in _PICTURES:
            continue
        if token.kind == "sign" or not token.known.isdisjoint(_SHORT):
            continue
        return False
    return True


def is_noise(message: Message, clause: Clause) -> bool:
    """Whether the clause greets, thanks, says who writes or how to reach him."""
    tokens = message.tokens
    at = clause.start
    while at < clause.end and (
        tokens[at].kind == "sign" or not tokens[at].known.isdisjoint({"dạ", "vâng", "à", "ơi"})
    ):
        at += 1
    if at >= clause.end:
        return True
    found = report_words().longest(tokens[: clause.end], at)
    if found and "noise" in found.tags:
        return True
    digits = [token.text for token in tokens[clause.start : clause.end] if token.number is not None]
    return "".join(digits).startswith("0") and len("".join(digits)) >= 9


def is_signature(message: Message, clause: Clause) -> bool:
    """Whether it is a name at the end: words with capitals and nothing that answers."""
    words = message.part(clause.start, clause.end).strip(" .-").split()
    if not words or len(words) > 8 or any(c.isdigit() for c in "".join(words[1:-1])):
        return False
    capitals = [w for w in words if w[:1].isupper()]
    said = says_yes_or_no(message.tokens, clause)
    return len(words) > 1 and len(capitals) >= len(words) - 1 and not said


def is_remark(message: Message, clause: Clause) -> bool:
    """Whether it neither answers nor takes an answer back: no figure, no "có", no "nhưng"."""
    tokens = message.tokens[clause.start : clause.end]
    if any(token.number is not None or token.text == "?" for token in tokens):
        return False
    said = sentence(tokenize(message.part(clause.start, clause.end)))
    return not said.has(*_TELLING)


def says_yes_or_no(tokens: Sequence[Token], clause: Clause) -> bool:
    """Whether it has a word of yes or no."""
    return any(
        not token.known.isdisjoint(_SAYS_YES_OR_NO) for token in tokens[clause.start : clause.end]
    )


def shares_in(tokens: Sequence[Token], start: int, end: int) -> int:
    """How many shares, "350/400" or "350 trên 400", stand between two tokens."""
    found = 0
    for at in range(start + 1, end - 1):
        token = tokens[at]
        stroke = token.text in {"/"} or "trên" in token.known
        first, second = tokens[at - 1].number, tokens[at + 1].number
        if not stroke or first is None or second is None:
            continue
        dated = at > start + 1 and not tokens[at - 2].known.isdisjoint(_DATED)
        chained = at > start + 1 and tokens[at - 2].text == "/"
        if not dated and not chained and second not in _YEARS:
            found += 1
    return found
