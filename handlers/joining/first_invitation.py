"""The first invitation of a commune: for an officer, who then invites everybody else."""

from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.rights import OPERATOR
from handlers.flow.routes import Next, action, screen
from handlers.joining.new_invitation import make
from handlers.officer.access import next_screen_for, sharing_name
from handlers.operator.communes import OperatedCommune, operated
from handlers.status.communes import named
from storage.people import invitations, people
from storage.places.places import Commune

_DAYS = 30


@screen("o.inv", right=OPERATOR)
def which_commune(context: Context) -> Screen:
    """Show the communes, those without an officer first, or those with a typed name."""
    every = _ordered(context)
    same = sharing_name(context, every)
    page = ScreenBuilder(context)
    some = [one for _, one in page.paged(same or every)]
    officers = people.officers_by_commune(context.tx, [one.id for one in some])
    page.say("operating.invite_several" if same else "operating.invite_which").line()
    for one in some:
        count = officers[one.id]
        key = "operating.invite_line" if count else "operating.invite_line_none"
        page.say(key, commune=one.name, count=count)
        page.row(Button(one.name, one_commune.data(one)))
    if not every:
        page.say("status.communes.none")
    page.turned(which_commune)
    return page.button("operating.button.desk", to("o.home")).screen()


@which_commune.text
def take_name(context: Context, text: str) -> Next:
    """Take the commune with the typed name, or show those that share it."""
    unknown = Next(context.here, context.texts.say("operating.invite_unknown"), context.typed)
    found = named(_ordered(context), text)
    return next_screen_for(which_commune.at(), found, one_commune.at) or unknown


@screen("o.inv1", right=OPERATOR)
def one_commune(context: Context, commune: OperatedCommune) -> Screen:
    """Show the number of officers and of open invitations."""
    officers = len(people.people_of_commune(context.tx, commune.id, "officer"))
    every = invitations.list_invitations(context.tx, commune.id)
    waiting = sum(one.role == "officer" and one.valid(context.now) for one in every)
    page = ScreenBuilder(context).say(
        "operating.invite_one", commune=commune.name, officers=officers, waiting=waiting
    )
    page.button("operating.button.make", make_first.at(commune))
    return page.button("operating.button.back", which_commune.at()).screen()


@action("o.make", right=OPERATOR)
def make_first(context: Context, commune: OperatedCommune) -> Next:
    """Make the invitation; send its link as a separate message, to be forwarded."""
    return make(
        context, "officer", commune.id, None, context.texts.say("invites.made"),
        uses=1, days=_DAYS, then=which_commune.at(),
    )  # fmt: skip


def _ordered(context: Context) -> list[Commune]:
    communes = operated(context)
    officers = people.officers_by_commune(context.tx, [one.id for one in communes])
    return sorted(communes, key=lambda one: officers[one.id] > 0)
