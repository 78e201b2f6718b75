"""The one screen under "⚙️ Quản lý": which commune, then people, invitations or rounds."""

from handlers.flow.channel import Button, Screen
from handlers.flow.commands import command
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import back, button, listed, to, to_home
from handlers.flow.press import Press, pack
from handlers.flow.rights import OFFICER
from handlers.officer import access
from handlers.rounds.criteria_sets import round_names
from storage import invitations, people, places, rounds
from storage.personal_data import remains


def _home(context: Context, press: Press, said: Said) -> Screen | None:
    """The officer's commune, or which of several."""
    communes = context.office_communes
    if not communes:
        return None
    if len(communes) == 1:
        return _commune(context, communes[0])
    found = [places.commune(context.tx, one) for one in communes]
    rows = listed(
        context.texts,
        found,
        press.number(0),
        lambda one: Button(one.name, pack("m.hub", one.id)),
        lambda page: pack("m.home", page),
    )
    return Screen(context.texts.say("manage.which"), (*rows, to_home(context.texts)))


def _hub(context: Context, press: Press, said: Said) -> Screen | None:
    commune = access.commune(context, press.number(0))
    return _commune(context, commune.id) if commune is not None else None


def _commune(context: Context, commune_id: int) -> Screen:
    texts, tx = context.texts, context.tx
    areas = access.areas_now(context, commune_id)
    held = people.people_of_commune(tx, commune_id)
    joined = {one.membership.unit_id for one in held}
    valid = [one for one in invitations.list_invitations(tx, commune_id) if one.valid(context.now)]
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
    open_ = rounds.open_rounds(tx, commune_id, context.now)
    names = round_names(open_, texts.language)
    for one in open_:
        day = texts.day(one.deadline, context.deployment.zone)
        lines.append(texts.say("manage.round", round=names[one.id], deadline=day))
    rows = (
        (button(texts, "manage.button.people", "m.people", commune_id),),
        (button(texts, "manage.button.invitations", "m.invs", commune_id),),
        (button(texts, "manage.button.rounds", "m.rounds", commune_id),),
        (button(texts, "manage.button.notices", "n.list", commune_id),),
        *_unreachable(context, commune_id),
        *_remaining(context, commune_id),
        back(texts, "m.home") if len(context.office_communes) > 1 else to_home(texts),
    )
    return Screen("\n".join(lines), rows)


def _unreachable(context: Context, commune_id: int) -> tuple[tuple[Button, ...], ...]:
    """The way to those who must be telephoned, while there are any."""
    count = len({one.person.id for one in people.unreachable_of_commune(context.tx, commune_id)})
    if not count:
        return ()
    label = context.texts.say("manage.button.unreachable", count=count)
    return ((Button(label, pack("m.gone", commune_id)),),)


def _remaining(context: Context, commune_id: int) -> tuple[tuple[Button, ...], ...]:
    """The way to texts that may still mean somebody who was forgotten, while there are any."""
    count = len(remains.of_commune(context.tx, commune_id))
    if not count:
        return ()
    label = context.texts.say("remains.button.hub", count=count)
    return ((Button(label, pack("m.names", commune_id)),),)


STEPS = Steps(
    views={"m.home": _home, "m.hub": _hub},
)


@command(
    "quanly",
    "manage",
    place=60,
    menu=OFFICER.holds,
    refused="manage.not_officer",
)
def manage_command(context: Context, text: str) -> Next:
    """The officer's screen."""
    return Next(to("m.home"))
