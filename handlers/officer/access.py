"""Arguments that officers may use: only those of communes whose officer they are now."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Protocol, TypeVar

from handlers.flow.arguments import by_id, one_among, only
from handlers.flow.context import Context
from handlers.flow.press import Press
from handlers.flow.routes import GONE, Loading, Next, Resolver
from handlers.texts import Texts, plain
from storage.people import invitations, roles
from storage.people.invitations import Invitation
from storage.people.people import Member, Membership, Person
from storage.places import places
from storage.places.places import Commune, Unit
from storage.rounds import rounds
from storage.rounds.rounds import Round


class _Listed(Protocol):
    """An element of a list whose name may be typed."""

    @property
    def id(self) -> int:
        """Its number in an address."""


T = TypeVar("T", bound=_Listed)

# --- arguments of addresses -----------------------------------------------------------------------


def commune_of_office(loading: Loading) -> object:
    """Return a commune whose officer the person is; else GONE."""
    number = loading.number
    if number is None or number not in loading.context.office_communes:
        return GONE
    return places.commune(loading.context.tx, number)


def unit_of_office(loading: Loading) -> object:
    """Return an area, past or present, or the office of the person's commune; else GONE."""
    try:
        found = places.unit(loading.context.tx, loading.number or 0)
    except KeyError:
        return GONE
    return found if found.commune_id in loading.context.office_communes else GONE


class _OfCommune(Protocol):
    @property
    def commune_id(self) -> int | None: ...


def of_office(context: Context, one: _OfCommune) -> bool:
    """Return whether something belongs to a commune whose officer the person is."""
    return one.commune_id in context.office_communes


# A present area of the commune that the argument before names.
area_of_commune = one_among(lambda it: areas_now(it.context, it.before["commune"].id))
# A present role of a member of the person's commune; for the second, a reporter's.
member_of_office = by_id(
    roles.member,
    lambda context, one: one.membership.role != "operator" and of_office(context, one.membership),
)
reporter_of_office = only(member_of_office, lambda _, one: one.membership.role == "reporter")
invitation_of_office = by_id(
    invitations.invitation_by_id,
    lambda context, one: one.role != "operator" and of_office(context, one),
)
round_of_office = by_id(rounds.round_by_id, of_office)


def round_in(*states: str) -> Resolver:
    """Return the resolver of a round of the person's commune in one of these states now."""
    return only(round_of_office, lambda context, one: state_now(context, one) in states)


OfficeCommune = Annotated[Commune, commune_of_office]
OfficeUnit = Annotated[Unit, unit_of_office]
OfficeMember = Annotated[Member, member_of_office]
Reporter = Annotated[Member, reporter_of_office]
OfficeInvitation = Annotated[Invitation, invitation_of_office]
OfficeRound = Annotated[Round, round_of_office]
OpenRound = Annotated[Round, round_in("open")]  # it takes reports now
CurrentRound = Annotated[Round, round_in("open", "planned")]


# --- the present state, and things by their names -------------------------------------------------


def state_now(context: Context, round_: Round) -> str:
    """Return a round's state by the clock: closed from its close on, before the job stores it."""
    over = round_.state == "open" and not round_.takes_reports(context.now)
    return "closed" if over else round_.state


def today(context: Context) -> date:
    """Return the present day in the communes' zone."""
    return context.now.astimezone(context.deployment.zone).date()


def areas_now(context: Context, commune_id: int) -> list[Unit]:
    """Return the commune's present areas, in area order."""
    return places.units_of(context.tx, commune_id, today(context))


def members_named(members: Sequence[Member], text: str, texts: Texts) -> list[Member]:
    """Return members with this name, else those whose name has all its words: "Văn Hùng"."""
    wanted = plain(text)
    exact = [one for one in members if plain(name_of(one.person, texts)) == wanted]
    words = set(wanted.split())
    return exact or [
        one for one in members if words and words <= set(plain(name_of(one.person, texts)).split())
    ]


def by_name(
    context: Context, units: Sequence[Unit], text: str, onward: Callable[[Unit], Press]
) -> Next | None:
    """Return the next screen for the area that a typed name means; None without one."""
    named = places.areas_named(context.tx, units[0].commune_id, text) if units else []
    ids = {one.id for one in units}
    return next_screen_for(context.here, [one for one in named if one.id in ids], onward)


def next_screen_for(here: Press, found: Sequence[T], onward: Callable[[T], Press]) -> Next | None:
    """Return the next screen for one thing, the list `here` for several, None for none."""
    if len(found) > 1:
        return Next(here, typed=tuple(_key(one) for one in found))
    return Next(onward(found[0])) if found else None


def narrowed(context: Context, things: Sequence[T]) -> Sequence[T]:
    """Return the things that share the typed name; all of them when none was typed."""
    return sharing_name(context, things) or things


def sharing_name(context: Context, things: Sequence[T]) -> list[T]:
    """Return the things that share the typed name."""
    return [one for one in things if _key(one) in context.typed]


def _key(thing: _Listed) -> str:
    """Return the key of a thing for the next screens: its class and its id."""
    return f"{type(thing).__name__} {thing.id}"


# --- names ----------------------------------------------------------------------------------------


def place_of(context: Context, of: Membership | Invitation) -> str:
    """Return the name of the area of a role, or of the role in the commune."""
    if of.unit_id is not None:
        return context.texts.unit(places.unit(context.tx, of.unit_id))
    return context.texts.say(f"people.role_{of.role}")


def name_of(person: Person, texts: Texts) -> str:
    """Return a person's name, or "somebody"."""
    return person.name or texts.say("somebody")
