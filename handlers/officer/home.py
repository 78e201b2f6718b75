"""The screen "⚙️ Quản lý": a commune's people, areas, invitations, rounds and notices."""

from handlers.flow.channel import Button, Screen
from handlers.flow.commands import opens
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.rights import OFFICER
from handlers.flow.routes import screen
from handlers.officer.access import OfficeCommune, areas_now
from handlers.review.cases import review_row
from handlers.rounds.criteria_sets import round_names
from storage.people import invitations, people
from storage.personal_data import unmasked_texts
from storage.places import places
from storage.rounds import rounds


@screen("m.home", right=OFFICER)
def which_commune(context: Context) -> Screen | None:
    """Show the officer's commune, or ask which of several."""
    found = [places.commune(context.tx, one) for one in context.office_communes]
    if len(found) == 1:
        return commune_screen(context, found[0])
    page = ScreenBuilder(context).say("manage.which")
    page.listed(found, lambda one: Button(one.name, commune_screen.data(one)), which_commune)
    return page.home().screen()


@screen("m.hub", right=OFFICER)
def commune_screen(context: Context, commune: OfficeCommune) -> Screen:
    """Show the number of members and invitations, the open rounds, and buttons to each."""
    texts, tx, commune_id = context.texts, context.tx, commune.id
    areas = areas_now(context, commune_id)
    members = people.people_of_commune(tx, commune_id)
    joined = {one.membership.unit_id for one in members}
    valid = [one for one in invitations.list_invitations(tx, commune_id) if one.valid(context.now)]
    page = ScreenBuilder(context).say("manage.title", commune=commune.name).line()
    page.say(
        "manage.people",
        count=len({one.person.id for one in members}),
        joined=sum(one.id in joined for one in areas),
        areas=len(areas),
    )
    page.say("manage.invitations", count=len(valid))
    open_ = rounds.open_rounds(tx, commune_id, context.now)
    names = round_names(open_, texts.language)
    for one in open_:
        day = texts.day(one.deadline, context.deployment.zone)
        page.say("manage.round", round=names[one.id], deadline=day)
    page.row(*review_row(context, commune_id))
    page.button("manage.button.people", to("m.people", commune_id))
    page.button("manage.button.areas", to("m.areas", commune_id))
    page.button("manage.button.invitations", to("m.invs", commune_id))
    page.button("manage.button.rounds", to("m.rounds", commune_id))
    page.button("manage.button.notices", to("n.list", commune_id))
    unreachable = len({one.person.id for one in people.unreachable_of_commune(tx, commune_id)})
    if unreachable:  # the officer must telephone them
        page.button("manage.button.unreachable", to("m.gone", commune_id), count=unreachable)
    texts_left = len(unmasked_texts.of_commune(tx, commune_id))
    if texts_left:  # they may still name a person who was forgotten
        page.button("remains.button.hub", to("m.names", commune_id), count=texts_left)
    several = len(context.office_communes) > 1
    return (page.back(which_commune.at()) if several else page.home()).screen()


opens(
    "quanly", "manage", which_commune.at(),
    place=60, menu=OFFICER.holds, refused="manage.not_officer",
)  # fmt: skip
