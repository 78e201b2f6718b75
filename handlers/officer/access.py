"""What an officer may touch: only what belongs to a commune whose officer they are right now."""

from collections.abc import Callable, Sequence
from datetime import date

from handlers.flow.context import Context
from handlers.flow.legacy import Said
from handlers.flow.next import Next
from handlers.flow.press import Press
from handlers.flow.routes import GONE, Loading
from handlers.report.wording import unit_text
from handlers.texts import Texts, plain
from storage import invitations, places, roles, rounds
from storage.invitations import Invitation
from storage.people import Member
from storage.places import Commune, Unit
from storage.rounds import Round


def commune(context: Context, commune_id: int | None) -> Commune | None:
    """The commune, when the person is its officer."""
    if commune_id is None or commune_id not in context.office_communes:
        return None
    return places.commune(context.tx, commune_id)


def unit(context: Context, unit_id: int | None) -> Unit | None:
    """An area or office of the person's commune."""
    try:
        found = places.unit(context.tx, unit_id) if unit_id is not None else None
    except KeyError:
        return None
    return found if found is not None and found.commune_id in context.office_communes else None


def area(context: Context, unit_id: int | None, commune_id: int | None) -> Unit | None:
    """An area of this commune that exists today."""
    found = unit(context, unit_id)
    if found is None or found.office or found.commune_id != commune_id:
        return None
    return found if found.valid(today(context)) else None


def member(context: Context, membership_id: int | None) -> Member | None:
    """Somebody's role in the person's commune, while it lasts."""
    found = roles.member(context.tx, membership_id) if membership_id is not None else None
    if found is None or found.membership.commune_id not in context.office_communes:
        return None
    return found if found.membership.role != "operator" else None


def invitation(context: Context, invitation_id: int | None) -> Invitation | None:
    """An invitation into the person's commune."""
    if invitation_id is None:
        return None
    found = invitations.invitation_by_id(context.tx, invitation_id)
    if found is None or found.commune_id not in context.office_communes:
        return None
    return found if found.role != "operator" else None


def round_(context: Context, round_id: int | None) -> Round | None:
    """A round of the person's commune."""
    found = rounds.round_by_id(context.tx, round_id) if round_id is not None else None
    return found if found is not None and found.commune_id in context.office_communes else None


def round_of_office(loading: Loading) -> object:
    """An argument: a round of a commune whose officer the person is."""
    return round_(loading.context, loading.number) or GONE


def open_round_of_office(loading: Loading) -> object:
    """An argument: such a round that takes reports now."""
    found = round_(loading.context, loading.number)
    open_ = found is not None and found.state == "open" and loading.context.now < found.closes_at
    return found if open_ else GONE


def today(context: Context) -> date:
    """The present day in the communes' zone."""
    return context.now.astimezone(context.deployment.zone).date()


def areas_now(context: Context, commune_id: int) -> list[Unit]:
    """The commune's areas of today, in area order."""
    return places.units_of(context.tx, commune_id, today(context))


def named(context: Context, commune_id: int | None, text: str) -> list[Unit]:
    """The areas of today that a typed name may mean."""
    if commune_id is None or commune_id not in context.office_communes:
        return []
    found = places.areas_named(context.tx, commune_id, text)
    return [one for one in found if one.valid(today(context))]


def called(members: Sequence[Member], text: str, texts: Texts) -> list[Member]:
    """Those of this name, else those whose name has all the words: "Hùng", "Văn Hùng"."""
    wanted = plain(text)
    exact = [one for one in members if plain(name_of(one, texts)) == wanted]
    words = set(wanted.split())
    return exact or [
        one for one in members if words and words <= set(plain(name_of(one, texts)).split())
    ]


def going(press: Press, found: Sequence[Unit], onward: Callable[[Unit], Press]) -> Next | None:
    """On to the one area that was named, or to the list of those that share the name."""
    if len(found) > 1:
        return Next(press, said=tuple(str(one.id) for one in found))
    return Next(onward(found[0])) if found else None


def narrowed(units: Sequence[Unit], said: Said) -> list[Unit]:
    """The areas that share a typed name; all of them when none was typed."""
    return [one for one in units if str(one.id) in said] or list(units)


def place_text(context: Context, role: str, unit_id: int | None, texts: Texts) -> str:
    """What somebody is, in a few words: their area, or the commune's office or lead."""
    if unit_id is not None:
        return unit_text(places.unit(context.tx, unit_id), texts)
    return texts.say(f"people.role_{role}")


def name_of(held: Member, texts: Texts) -> str:
    """A member's name."""
    return held.person.name or texts.say("somebody")
