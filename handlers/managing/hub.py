"""The one screen under "⚙️ Quản lý": which commune, then people, invitations or rounds."""

from handlers.channel import Button, Screen
from handlers.criteria_sets import round_names
from handlers.managing import office
from handlers.presses import Press, pack
from handlers.steps import Said, Steps, back, button, listed, to_home
from handlers.turn import Turn
from storage import invitations, people, places, remains, rounds


def _home(turn: Turn, press: Press, said: Said) -> Screen | None:
    """The officer's commune, or which of several."""
    communes = turn.office_communes
    if not communes:
        return None
    if len(communes) == 1:
        return _commune(turn, communes[0])
    found = [places.commune(turn.tx, one) for one in communes]
    rows = listed(
        turn.texts,
        found,
        press.number(0),
        lambda one: Button(one.name, pack("m.hub", one.id)),
        lambda page: pack("m.home", page),
    )
    return Screen(turn.texts.say("manage.which"), (*rows, to_home(turn.texts)))


def _hub(turn: Turn, press: Press, said: Said) -> Screen | None:
    commune = office.commune(turn, press.number(0))
    return _commune(turn, commune.id) if commune is not None else None


def _commune(turn: Turn, commune_id: int) -> Screen:
    texts, tx = turn.texts, turn.tx
    areas = office.areas_now(turn, commune_id)
    held = people.people_of_commune(tx, commune_id)
    joined = {one.membership.unit_id for one in held}
    valid = [one for one in invitations.list_invitations(tx, commune_id) if one.valid(turn.now)]
    lines = [
        texts.say("manage.title", commune=places.commune(tx, commune_id).name),
        "",
        texts.say(
            "manage.people",
            count=len({one.person.id for one in held}),
            joined=sum(one.id in joined for one in areas),
            areas=len(areas),
        ),
        texts.say("manage.invitations", count=len(valid)),
    ]
    open_ = rounds.open_rounds(tx, commune_id, turn.now)
    names = round_names(open_, texts.language)
    for one in open_:
        day = texts.day(one.deadline, turn.house.zone)
        lines.append(texts.say("manage.round", round=names[one.id], deadline=day))
    rows = (
        (button(texts, "manage.button.people", "m.people", commune_id),),
        (button(texts, "manage.button.invitations", "m.invs", commune_id),),
        (button(texts, "manage.button.rounds", "m.rounds", commune_id),),
        (button(texts, "manage.button.notices", "n.list", commune_id),),
        *_unreachable(turn, commune_id),
        *_remaining(turn, commune_id),
        back(texts, "m.home") if len(turn.office_communes) > 1 else to_home(texts),
    )
    return Screen("\n".join(lines), rows)


def _unreachable(turn: Turn, commune_id: int) -> tuple[tuple[Button, ...], ...]:
    """The way to those who must be telephoned, while there are any."""
    count = len({one.person.id for one in people.unreachable_of_commune(turn.tx, commune_id)})
    if not count:
        return ()
    label = turn.texts.say("manage.button.unreachable", count=count)
    return ((Button(label, pack("m.gone", commune_id)),),)


def _remaining(turn: Turn, commune_id: int) -> tuple[tuple[Button, ...], ...]:
    """The way to texts that may still mean somebody who was forgotten, while there are any."""
    count = len(remains.of_commune(turn.tx, commune_id))
    if not count:
        return ()
    label = turn.texts.say("remains.button.hub", count=count)
    return ((Button(label, pack("m.names", commune_id)),),)


STEPS = Steps(
    views={"m.home": _home, "m.hub": _hub},
)
