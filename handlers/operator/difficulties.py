"""Difficulties passed up to the operator, what most communes share first."""

from collections import defaultdict

from handlers.difficulties import wording
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.page import page_of, turning
from handlers.flow.press import Press, pack
from handlers.operator.communes import operated
from storage import difficulties, places
from storage.difficulties import Difficulty

_PAGE = 5
_GENERAL = "-"


def _grouped(context: Context, press: Press, said: Said = ()) -> Screen | None:
    """The indicators with difficulties, by how many communes have the same; general ones last."""
    if not context.operator:
        return None
    texts = context.texts
    groups = _groups(context)
    page = press.number(0) or 0
    some, page, pages = page_of(list(groups.items()), page, _PAGE)
    count = sum(len(found) for found in groups.values())
    lines: list[str] = [texts.say("operating.difficulties", count=count), ""]
    rows: list[tuple[Button, ...]] = []
    for number, (code, found) in enumerate(some, page * _PAGE + 1):
        about = wording.about(context, found[0])
        communes = len({one.commune_id for one in found})
        lines.append(
            texts.say(
                "operating.shared", number=number, about=about, communes=communes, count=len(found)
            )
        )
        rows.append((Button(f"{number}. {about}", pack("o.same", code)),))
    if not groups:
        lines.append(texts.say("operating.difficulties_none"))
    rows += turning(page, pages, lambda n: pack("o.diff", n), texts)
    rows.append((Button(texts.say("operating.button.desk"), pack("o.home")),))
    return Screen("\n".join(lines), tuple(rows))


def _same(context: Context, press: Press, said: Said) -> Screen | None:
    """The difficulties with one indicator, the oldest first."""
    code, page = press.text(0), press.number(1) or 0
    if not context.operator:
        return None
    found = _groups(context).get(code, [])
    if not found:
        return _grouped(context, Press("o.diff"))
    texts = context.texts
    some, page, pages = page_of(found, page, _PAGE)
    lines: list[str] = [
        texts.say(
            "operating.same",
            about=wording.about(context, found[0]),
            communes=len({one.commune_id for one in found}),
        ),
        "",
    ]
    rows: list[tuple[Button, ...]] = []
    for number, one in enumerate(some, page * _PAGE + 1):
        commune = places.commune(context.tx, one.commune_id).name
        where = f"{commune}, {wording.where(context, one)}"
        lines.append(wording.line(context, number, one, where))
        rows.append((Button(f"{number}. {commune}", pack("d.one", one.id)),))
    rows += turning(page, pages, lambda n: pack("o.same", code, n), texts)
    rows.append((Button(texts.say("difficulties.button.list"), pack("o.diff")),))
    return Screen("\n".join(lines), tuple(rows))


def _groups(context: Context) -> dict[str, list[Difficulty]]:
    found: defaultdict[str, list[Difficulty]] = defaultdict(list)
    for one in difficulties.passed_up(context.tx, [one.id for one in operated(context)]):
        found[one.indicator or _GENERAL].append(one)

    def shared(item: tuple[str, list[Difficulty]]) -> tuple[bool, int, int]:
        code, members = item
        return (code == _GENERAL, -len({m.commune_id for m in members}), -len(members))

    return dict(sorted(found.items(), key=shared))


STEPS = Steps(views={"o.diff": _grouped, "o.same": _same})
