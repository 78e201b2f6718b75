"""Command words: a reply that is only a command, with or without polite words."""

import re
from collections.abc import Sequence
from functools import cache

from criteria.reading.numbers.number_words import spoken_number
from criteria.reading.outcome import Command, Kind, Reading, commanded
from criteria.reading.words import command_vocabulary as v
from criteria.reading.words.number_vocabulary import NUMBER_WORDS
from criteria.reading.words.phrase_book import PhraseBook, covered
from criteria.reading.words.tokens import Token
from criteria.reading.words.vocabulary import phrases

_MOST_QUESTIONS = 30  # "sửa 360" does not name a question
_FILLER = re.compile(r"^[\s:;,.=→>]+")
_MINUS = re.compile(r"-\d")
# After a yes/no question these short words are answers, or may be answers.
_ANSWERS_YES_NO = frozenset({"trước", "sau", "khỏi", "bỏ", "khó", "sai", "no"})


@cache
def _commands() -> PhraseBook:
    return PhraseBook(
        {
            **{str(name): phrases(line) for name, line in v.COMMANDS.items()},
            "around": phrases(v.AROUND),
        }
    )


@cache
def _edits() -> PhraseBook:
    return PhraseBook(
        {
            "edit": phrases(v.EDIT),
            "question": phrases(v.QUESTION),
            "instead": phrases(v.INSTEAD),
            "around": phrases(v.AROUND),
        }
    )


@cache
def _edits_alone() -> PhraseBook:
    return PhraseBook({"edit": phrases(v.EDIT_ALONE), "around": phrases(v.AROUND)})


def command_in(text: str, tokens: Sequence[Token], kind: Kind) -> Reading | None:
    """Return the command that this reply is, or None if it is no command."""
    edit = _edit(text, tokens)
    if edit:
        return edit
    with_text = _with_text(text, tokens)
    if with_text:
        return with_text
    tags = covered(tokens, _commands())
    if not tags:
        return _edit_alone(tokens)
    if kind == "yes_no" and len(tokens) == 1 and tokens[0].text in _ANSWERS_YES_NO - {"sai"}:
        return None
    if len(set(tags)) > 1 and tags[-1] == "cancel" and "thôi" in tokens[-1].known:
        tags.pop()  # vẫn vậy thôi
    given = set(tags)
    if given & {"cancel", "help"} and _is_done(tokens):
        return None  # "huỷ rồi", "đã đi hỗ trợ": these are statements, not commands
    if kind == "yes_no" and given == {"done"} and _is_completed(tokens):
        return None  # hoàn thành rồi
    return next(commanded(command) for command in v.PRECEDENCE if command in given)


def _is_done(tokens: Sequence[Token]) -> bool:
    return any(not token.known.isdisjoint({"rồi", "đã", "bị"}) for token in tokens)


def _is_completed(tokens: Sequence[Token]) -> bool:
    return _is_done(tokens) and any(not token.known.isdisjoint({"hoàn"}) for token in tokens)


def _edit_alone(tokens: Sequence[Token]) -> Reading | None:
    return commanded("edit") if covered(tokens, _edits_alone()) else None


def _edit(text: str, tokens: Sequence[Token]) -> Reading | None:
    """Read an edit: "sửa câu 1: 360/400", "câu 3 sửa thành 5", "sửa 3"."""
    at, saw_edit, saw_question = 0, False, False
    while at < len(tokens) and tokens[at].kind == "word":
        found = _edits().longest(tokens, at)
        if found is None or (spoken_number(tokens, at) and found.length == 1 and saw_question):
            break
        saw_edit = saw_edit or "edit" in found.tags
        saw_question = saw_question or "question" in found.tags
        at += found.length
    if at >= len(tokens) or not (saw_question or saw_edit):
        return None
    question, end = _question_number(tokens, at)
    if question is None:
        return None
    if saw_edit and not saw_question and not _names_question_alone(tokens[:at]):
        return None
    if not saw_edit and not _names_question_by_number(tokens[:at]):
        return None
    if end < len(tokens) and not saw_question and _is_share_sign(tokens[end]):
        return None  # "sửa 3/4" corrects the answer to the present question
    if not saw_edit and end < len(tokens) and not _begins_an_answer(tokens[end]):
        return None  # "câu 1 khó quá" is a remark about the question
    return commanded("edit", question=question, reply=_reply(text, tokens, end))


def _begins_an_answer(token: Token) -> bool:
    words = {"có", "chưa", "không", "rồi", "đã", "là", "được", "đủ", "dạ", "sửa", "thành", "khoảng"}
    begins = not token.known.isdisjoint(words) or not token.known.isdisjoint(NUMBER_WORDS)
    return token.kind != "word" or begins


def _question_number(tokens: Sequence[Token], at: int) -> tuple[int | None, int]:
    token = tokens[at]
    if token.number is not None and not token.odd and 1 <= token.number <= _MOST_QUESTIONS:
        return token.number, at + 1
    spoken = spoken_number(tokens, at)
    if spoken and 1 <= spoken.value <= _MOST_QUESTIONS:
        return spoken.value, spoken.end
    return None, at


def _reply(text: str, tokens: Sequence[Token], end: int) -> str | None:
    while end < len(tokens):
        found = _edits().longest(tokens, end) if tokens[end].kind == "word" else None
        if found is None or not {"instead", "edit", "around"} & set(found.tags):
            break
        if (
            "instead" not in found.tags
            and end + found.length < len(tokens)
            and "edit" not in found.tags
        ):
            break
        end += found.length
    if end >= len(tokens):
        return None
    rest = text[tokens[end].start :]
    rest = _FILLER.sub("", rest)
    if not _MINUS.match(rest):  # a dash before a digit belongs to the number
        rest = rest.lstrip("- ")
    return rest.strip() or None


def _names_question_alone(tokens: Sequence[Token]) -> bool:
    """Return whether the word alone names a question: "sửa 3" does, "về 3" and "lại 3" do not."""
    alone = {"sửa", "chỉnh", "chữa", "edit", "change", "fix", "correct"}
    moves = {"thành", "là", "sang", "to", "as", "into", "bằng"}
    words = frozenset().union(*(t.known for t in tokens))
    last = tokens[-1].known
    return bool(words & alone) and not (last & moves)


def _names_question_by_number(tokens: Sequence[Token]) -> bool:
    """Return whether the word "câu" names a question by number, as in "câu 2: 350/400"."""
    last = tokens[-1].known
    return bool(last & {"câu", "question", "hỏi"}) or (
        len(tokens) > 1 and "câu" in tokens[-2].known
    )


def _is_share_sign(token: Token) -> bool:
    return token.text in {"/", "\\", ":", "-", ".", ","} or bool(
        token.known & {"trên", "trong", "of", "out"}
    )


def _with_text(text: str, tokens: Sequence[Token]) -> Reading | None:
    """Read a command that has its text: "vướng mắc: sóng yếu", "sửa tổng số: 412"."""
    at = 0
    while at < len(tokens) and tokens[at].kind == "word":
        found = _commands().longest(tokens, at)
        if found is None:
            return None
        at += found.length
        tags: set[str] = set(found.tags)
        command: Command | None = (
            "difficulty" if "difficulty" in tags else "fix_total" if "fix_total" in tags else None
        )
        if command is None:
            if "around" not in tags:
                return None
            continue
        reply = _reply(text, tokens, at)
        if reply is None:
            return commanded(command)
        sign = tokens[at].kind == "sign" and tokens[at].text in ":-"
        figures = command == "fix_total" and any(t.number is not None for t in tokens[at:])
        if sign or figures:
            return commanded(command, reply=reply)
        return None
    return None
