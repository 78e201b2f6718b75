"""The first invitation of a commune: one for an officer, who then invites everybody else."""

from datetime import timedelta

from handlers.channel import Button, Reply, Screen, Shown
from handlers.operating import home
from handlers.operating.communes import operated, operates
from handlers.presses import Press, pack, packed
from handlers.status.pages import page_of, turning
from handlers.texts import plain
from handlers.turn import Turn
from handlers.waiting import await_text, cancels, menu, shown, stop_waiting, typed_press
from storage import invitations, people, places
from storage.places import Commune

AWAITS_COMMUNE = "o.commune"  # the page of the list
GOOD_FOR = timedelta(days=30)
_PAGE = 5


def listed(turn: Turn, press: Press) -> Reply | None:
    """The communes in pages, those without an officer first."""
    if not turn.operator:
        return None
    page = press.number(0) or 0
    await_text(turn, AWAITS_COMMUNE, str(page))
    return shown(turn, _list_screen(turn, _ordered(turn), page, "operating.invite_which"))


def commune_given(turn: Turn, awaiting: tuple[str, ...]) -> Reply | None:
    """A typed name, or a button of the list by its caption."""
    text = turn.incoming.text
    if not turn.operator or cancels(text):
        stop_waiting(turn)
        return None
    communes = _ordered(turn)
    found = _named(communes, text)
    if len(found) == 1:
        return _commune(turn, found[0])
    if found:
        return shown(turn, _list_screen(turn, found[:_PAGE], 0, "operating.invite_several"))
    screen = _list_screen(turn, communes, int(awaiting[1]), "operating.invite_unknown")
    press = typed_press(turn, screen)
    if press is None:
        return shown(turn, screen)
    stop_waiting(turn)
    return chosen(turn, press) if press.action == "o.inv1" else _elsewhere(turn, press)


def _elsewhere(turn: Turn, press: Press) -> Reply | None:
    return listed(turn, press) if press.action == "o.inv" else home.desk(turn)


def chosen(turn: Turn, press: Press) -> Reply | None:
    """A commune of the list."""
    commune = _operated(turn, press.number(0))
    return _commune(turn, commune) if commune is not None else None


def made(turn: Turn, press: Press) -> Reply | None:
    """Make the invitation; the link comes as a message of its own, to be forwarded."""
    commune = _operated(turn, press.number(0))
    if commune is None:
        return None
    stop_waiting(turn)
    _, code = invitations.create_invitation(
        turn.tx,
        "officer",
        now=turn.now,
        expires_at=turn.now + GOOD_FOR,
        commune_id=commune.id,
        created_by=turn.person.id,
        way="button",
    )
    texts = turn.texts
    link = f"https://t.me/{turn.house.bot_username}?start={code}"
    until = texts.full_day(turn.now + GOOD_FOR, turn.house.zone)
    letter = Screen(texts.say("operating.letter", commune=commune.name, link=link, until=until))
    rows = (
        (Button(texts.say("operating.button.invite"), pack("o.inv")),),
        (Button(texts.say("operating.button.desk"), pack("o.home")),),
    )
    after = Screen(texts.say("operating.letter_made", commune=commune.name), rows)
    edit = turn.incoming.message if turn.incoming.kind == "press" else None
    return Reply((Shown(after, edit=edit), Shown(letter)), person=turn.person.id)


def _commune(turn: Turn, commune: Commune) -> Reply:
    texts = turn.texts
    officers = len(people.people_of_commune(turn.tx, commune.id, "officer"))
    open_ = sum(
        1
        for one in invitations.list_invitations(turn.tx, commune.id)
        if one.role == "officer" and one.valid(turn.now)
    )
    text = texts.say("operating.invite_one", commune=commune.name, officers=officers, waiting=open_)
    rows = (
        (Button(texts.say("operating.button.make"), pack("o.make", commune.id)),),
        (Button(texts.say("operating.button.back"), pack("o.inv")),),
    )
    return menu(turn, Screen(text, rows), Press("o.inv1", (packed(commune.id),)))


def _list_screen(turn: Turn, communes: list[Commune], page: int, key: str) -> Screen:
    texts = turn.texts
    some, page, pages = page_of(communes, page, _PAGE)
    lines: list[str] = [texts.say(key), ""]
    rows: list[tuple[Button, ...]] = []
    officers = people.officers_by_commune(turn.tx, [one.id for one in some])
    for one in some:
        count = officers[one.id]
        line = "operating.invite_line" if count else "operating.invite_line_none"
        lines.append(texts.say(line, commune=one.name, count=count))
        rows.append((Button(one.name, pack("o.inv1", one.id)),))
    if not communes:
        lines.append(texts.say("status.communes.none"))
    rows += turning(page, pages, lambda n: pack("o.inv", n), texts)
    rows.append((Button(texts.say("operating.button.desk"), pack("o.home")),))
    return Screen("\n".join(lines), tuple(rows))


def _ordered(turn: Turn) -> list[Commune]:
    communes = operated(turn)
    officers = people.officers_by_commune(turn.tx, [one.id for one in communes])
    return sorted(communes, key=lambda one: officers[one.id] > 0)


def _operated(turn: Turn, commune_id: int | None) -> Commune | None:
    if commune_id is None or not turn.operator:
        return None
    known = places.find_commune(turn.tx, commune_id)
    return known if known is not None and operates(turn, commune_id) else None


def _named(communes: list[Commune], text: str) -> list[Commune]:
    """Those whose name is meant, else those that contain what was typed; marks don't matter."""
    wanted = plain(text)
    if not wanted:
        return []
    whole = [
        one
        for one in communes
        if wanted in {plain(one.name), plain(one.code), plain(one.name).partition(" ")[2]}
    ]
    return whole or [one for one in communes if len(wanted) > 1 and wanted in plain(one.name)]
