"""Difficulties passed up to the operator, what most communes share first."""

from collections import defaultdict

from handlers.channel import Button, Screen
from handlers.difficulties import wording
from handlers.operating.communes import operated
from handlers.presses import Press, pack
from handlers.status.pages import page_of, turning
from handlers.steps import Said, Steps
from handlers.turn import Turn
from storage import difficulties, places
from storage.difficulties import Difficulty

_PAGE = 5
_GENERAL = "-"


def _grouped(turn: Turn, press: Press, said: Said = ()) -> Screen | None:
    """The indicators with difficulties, by how many communes have the same; general ones last."""
    if not turn.operator:
        return None
    texts = turn.texts
    groups = _groups(turn)
    page = press.number(0) or 0
    some, page, pages = page_of(list(groups.items()), page, _PAGE)
    count = sum(len(found) for found in groups.values())
    lines: list[str] = [texts.say("operating.difficulties", count=count), ""]
    rows: list[tuple[Button, ...]] = []
    for number, (code, found) in enumerate(some, page * _PAGE + 1):
        about = wording.about(turn, found[0])
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


def _same(turn: Turn, press: Press, said: Said) -> Screen | None:
    """The difficulties with one indicator, the oldest first."""
    code, page = press.text(0), press.number(1) or 0
    if not turn.operator:
        return None
    found = _groups(turn).get(code, [])
    if not found:
        return _grouped(turn, Press("o.diff"))
    texts = turn.texts
    some, page, pages = page_of(found, page, _PAGE)
    lines: list[str] = [
        texts.say(
            "operating.same",
            about=wording.about(turn, found[0]),
            communes=len({one.commune_id for one in found}),
        ),
        "",
    ]
    rows: list[tuple[Button, ...]] = []
    for number, one in enumerate(some, page * _PAGE + 1):
        commune = places.commune(turn.tx, one.commune_id).name
        where = f"{commune}, {wording.where(turn, one)}"
        lines.append(wording.line(turn, number, one, where))
        rows.append((Button(f"{number}. {commune}", pack("d.one", one.id)),))
    rows += turning(page, pages, lambda n: pack("o.same", code, n), texts)
    rows.append((Button(texts.say("difficulties.button.list"), pack("o.diff")),))
    return Screen("\n".join(lines), tuple(rows))


def _groups(turn: Turn) -> dict[str, list[Difficulty]]:
    found: defaultdict[str, list[Difficulty]] = defaultdict(list)
    for one in difficulties.passed_up(turn.tx, [one.id for one in operated(turn)]):
        found[one.indicator or _GENERAL].append(one)

    def shared(item: tuple[str, list[Difficulty]]) -> tuple[bool, int, int]:
        code, members = item
        return (code == _GENERAL, -len({m.commune_id for m in members}), -len(members))

    return dict(sorted(found.items(), key=shared))


STEPS = Steps(views={"o.diff": _grouped, "o.same": _same})
