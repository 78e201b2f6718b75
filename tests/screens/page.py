"""docs/screens.md: the played conversations in Vietnamese and English, and all other texts."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from handlers.texts import texts_of
from tests.screens.pair import Shot, Step

HEAD = """# Every screen

What people see, from conversations that were really played with the sample commune (everybody and
everything in it is invented). On the left what the person does: ✍️ writes, 👆 presses, 🔔 nothing,
it comes by itself. Made by `make screens`; a test fails when it is out of date. To change a text,
edit `handlers/locales/{vi,en}/LC_MESSAGES/messages.po` and make the page again.
"""
REST = """## Further texts

What no conversation above came to: rarer replies, and what stands in pictures and documents.
"""


def page(chapters: Sequence[tuple[str, Sequence[Step]]], said: set[str]) -> str:
    """The whole page."""
    titles = [title for title, _ in chapters]
    index = "\n".join(f"- [{title}](#{_anchor(title)})" for title in titles)
    parts = [HEAD, f"{index}\n- [Further texts](#further-texts)\n"]
    parts += [f"## {title}\n\n{_table(steps)}" for title, steps in chapters]
    parts += [REST, *_rest(said)]
    return "\n".join(parts)


def _anchor(title: str) -> str:
    kept = "".join(c for c in title.lower() if c.isalnum() or c in " -")
    return kept.replace(" ", "-")


def _table(steps: Iterable[Step]) -> str:
    lines = ["<table>", "<tr><th></th><th>Tiếng Việt</th><th>English</th></tr>"]
    for step in steps:
        both = ["<br>".join(_cell(step, side)) for side in (0, 1)]
        lines.append(f"<tr><td>{escape(step.done)}</td><td>{both[0]}</td><td>{both[1]}</td></tr>")
    return "\n".join([*lines, "</table>", ""])


def _cell(step: Step, side: int) -> Iterator[str]:
    toast = step.toasts[side]
    if toast:
        yield f"<i>({escape(toast)})</i>"
    for number, shots in enumerate(step.shots):
        if number:
            yield "⸻"
        yield _shown(shots[side])


def _shown(shot: Shot) -> str:
    marks = sorted(
        [(begin, 1, "<b>") for begin, _ in shot.bold] + [(end, 0, "</b>") for _, end in shot.bold]
    )
    text, done = "", 0
    for place, _, tag in marks:
        text += escape(shot.text[done:place], quote=False) + tag
        done = place
    text += escape(shot.text[done:], quote=False)
    lines = [f"<code>{shot.media}</code>"] if shot.media else []
    lines.append(text.replace("\n", "<br>"))
    lines += [" ".join(f"<kbd>{escape(label)}</kbd>" for label in row) for row in shot.rows]
    return "<br>".join(lines)


def _rest(said: set[str]) -> Iterator[str]:
    vi, en = texts_of("vi").entries, texts_of("en").entries
    left = sorted(key for key in vi if key not in said and ".words." not in key)
    for first, keys in groupby(left, key=lambda key: key.split(".")[0]):
        yield f"### {first}\n\n| | Tiếng Việt | English |\n|---|---|---|"
        for key in keys:
            yield f"| `{key}` | {_one_line(vi[key])} | {_one_line(en[key])} |"
        yield ""


def _one_line(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>")
