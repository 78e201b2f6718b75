"""A clause about the questions without their own answer: "còn lại như kỳ trước"."""

from dataclasses import dataclass
from functools import cache

from criteria.reading.whole_report.message import TypedReport, longest
from criteria.reading.whole_report.outcome import AnswerCommand
from criteria.reading.words import command_vocabulary as commands
from criteria.reading.words.phrase_book import PhraseBook
from criteria.reading.words.vocabulary import phrases, section

_LONGEST = 30  # tokens; a longer clause has other content too
_COMMANDS: tuple[AnswerCommand, ...] = ("same", "unknown", "skip")
# The order in which the possible parts of a phrase are considered.
_ORDER = ("rest", "same", "unknown", "skip", "finish", "later", "all", "doing", "around")


@dataclass(frozen=True, slots=True)
class Rest:
    """The command of a clause for all other questions (the rest).

    `named`: it has a word for the rest or for all; without one it needs an exception. `aside`:
    after an answer it adds nothing ("mai em gửi", "không có gì thay đổi").
    """

    command: AnswerCommand
    named: bool
    of_all: bool = False
    aside: bool = False


def rest_in(message: TypedReport, start: int, end: int) -> Rest | None:
    """Return the command of this clause for the rest; None if any word is about something else."""
    tags = _tags(message, start, end)
    command = _command_of(tags)
    if command is None:
        return None
    of_all = "all" in tags and "rest" not in tags
    named = (
        "rest" in tags
        or (of_all and command == "same")
        or (command == "skip" and "finishing" in tags)
    )
    promised = command == "skip" and "later" in longest(_book(), message.tokens, start, end)[0]
    unchanged = any("đổi" in message.words_at(at) for at in range(start, end))
    return Rest(command, named, of_all, aside=not named and (promised or unchanged))


def begins_the_rest(message: TypedReport, at: int, end: int) -> bool:
    """Return whether a word for the rest is here: "còn lại", "các câu khác", not "còn" alone."""
    tags, length = longest(_book(), message.tokens, at, end)
    return "rest" in tags and (length > 1 or "còn" not in message.words_at(at))


def may_begin(message: TypedReport, at: int, end: int) -> bool:
    """Return whether a clause about the rest may begin here, inside another clause."""
    return not longest(_book(), message.tokens, at, end)[0].isdisjoint({"rest", "later", "all"})


def _command_of(tags: frozenset[str]) -> AnswerCommand | None:
    command = next((one for one in _COMMANDS if one in tags), None)
    finished = "finish" in tags and not tags.isdisjoint({"doing", "later", "finishing"})
    if command != "same" and finished and not tags.isdisjoint({"rest", "finishing"}):
        return "skip"
    return "skip" if command is None and {"rest", "later"} <= tags else command


def _tags(message: TypedReport, start: int, end: int) -> frozenset[str]:
    """Return the parts of its phrases; an empty set if a word has no part."""
    tags: set[str] = set()
    at = start
    if end - start > _LONGEST:
        return frozenset()
    while at < end:
        token = message.tokens[at]
        if token.kind == "sign" and token.text != "?":
            at += 1
        elif token.number is not None:
            tag, length = _counted(message, at, start)
            if not length:
                return frozenset()
            tags |= tag
            at += length
        else:
            parts, length = longest(_book(), message.tokens, at, end)
            if not length:
                return frozenset()
            tags.add(next(tag for tag in _ORDER if tag in parts))
            if "finish" in parts and not token.known.isdisjoint({"nốt", "tiếp", "bổ"}):
                tags.add("finishing")
            at += length
    return frozenset(tags)


def _counted(message: TypedReport, at: int, start: int) -> tuple[set[str], int]:
    """Read a number in such a clause: "8 câu" (all), "5 câu kia" (the rest), "khu 7", "11/2026".

    Return the parts that it adds, and its length in tokens; length 0 if it has another meaning.
    """
    number, count = message.number(at), message.book.count
    if number is not None and number <= count and "câu" in message.words_at(at + 1):
        return {"all" if number == count else "rest"}, 2
    labelled = at > start and message.has(at - 1, "area")
    dated = at > start and message.text_at(at - 1) == "/"
    return set(), int(labelled or dated)


@cache
def _book() -> PhraseBook:
    words, common = section("report"), section("common")
    around = [phrase for part in common.values() for phrase in part]
    labels = section("report_words")["area"]
    return PhraseBook(
        {
            "rest": words["rest"],
            "same": (*phrases(commands.COMMANDS["same"]), *words["same"]),
            "unknown": (*phrases(commands.COMMANDS["unknown"]), *words["unsure"]),
            "skip": phrases(commands.COMMANDS["skip"]),
            "finish": words["finish"],
            "later": words["later"],
            "all": words["all"],
            "doing": words["doing"],
            "around": (*phrases(commands.AROUND), *around, *words["compared"], *labels, ("ngày",)),
        }
    )
