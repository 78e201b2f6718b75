"""What is wrong with a criteria set, as sentences in the reader's language (plain text)."""

from collections.abc import Iterator, Sequence

from criteria.set_problems import Problem
from handlers.texts import Texts, without_tags


def one_line(problem: Problem, texts: Texts) -> str:
    """The problem on one line: file, place, reason and the number of the line."""
    sentence = f"{problem.source}: {problem.place}: {_reason(problem, texts)}"
    if problem.line is None:
        return sentence
    number = texts.say("set.check.in_line", line=str(problem.line))
    return f"{sentence.removesuffix('.')} ({number})."


def lines_of(problems: Sequence[Problem], file: str, texts: Texts) -> Iterator[str]:
    """All problems, each with the line as written, the reason, and how the line should read."""
    yield _say(texts, "set.check.wrong", file=file, count=len(problems))
    for one in problems:
        yield ""
        if one.line is not None and one.place == "TOML":
            yield _say(texts, "set.check.syntax", line=str(one.line))
        elif one.line is not None:
            yield _say(texts, "set.check.line", line=str(one.line), place=one.place)
        else:
            yield one.place
        yield from (f"    {line}" for line in one.written.split("\n") if one.written)
        yield f"  {_reason(one, texts)}"
        if one.better is not None:
            yield f"  {_say(texts, 'set.check.better')}"
            yield from (f"    {line}" for line in one.better.split("\n"))


def _reason(problem: Problem, texts: Texts) -> str:
    values = dict(problem.reason.values)
    return _say(texts, f"set.problem.{problem.reason.key}", sign='"', **values)


def _say(texts: Texts, key: str, **values: object) -> str:
    return without_tags(texts.say(key, **values))
