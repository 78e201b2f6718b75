"""A new invitation: for whom, for how many people and days; then its link and QR code."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated

from handlers.flow.arguments import one_of
from handlers.flow.channel import Button, Screen, Shown
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.press import Press
from handlers.flow.rights import OFFICER
from handlers.flow.routes import GONE, Loading, Next, Resolver, action, screen
from handlers.joining.qr import qr_picture
from handlers.officer import access
from handlers.officer.access import OfficeCommune
from handlers.texts import Html, Texts
from storage.people import invitations, people
from storage.people.invitations import Invitation
from storage.people.short_codes import grouped
from storage.places import places

_ROLES = {"r": "reporter", "o": "officer", "l": "leader"}
USES_CHOICES, DAYS_CHOICES = (1, 9), (7, 30, 90)
_AREA_USES, MOST_USES, MOST_DAYS = 9, 1000, 366
_DEFAULT_DAYS = 30
DOUBLE_PRESS = timedelta(seconds=10)
_TYPED_USES = re.compile(
    r"(\d{1,4})\s*(?:người|nguoi|lần|lan|lượt|luot|people|person|uses?)", re.IGNORECASE
)
_TYPED_DAYS = re.compile(r"(\d{1,3})\s*(?:ngày|ngay|hôm|hom|days?)", re.IGNORECASE)


def _unit_id(loading: Loading) -> object:
    """Return the area's id; 0 for an officer or a leader."""
    if loading.before["kind"] != "r":
        return 0
    area = access.area_of_commune(loading)
    return GONE if area is GONE else loading.number


def within(most: int, usual: Callable[[Loading], int]) -> Resolver:
    """Return the resolver of a number from 1 to `most`; another one becomes the usual one."""

    def load(loading: Loading) -> int:
        number = loading.number or 0
        return number if 1 <= number <= most else usual(loading)

    return load


# For whom an invitation is, for how many people and how many days.
Role = Annotated[str, one_of(*_ROLES)]
AreaId = Annotated[int, _unit_id]
Uses = Annotated[int, within(MOST_USES, lambda it: _AREA_USES if it.before["unit_id"] else 1)]
Days = Annotated[int, within(MOST_DAYS, lambda _: _DEFAULT_DAYS)]


@screen("m.iwho", right=OFFICER)
def whom(context: Context, commune: OfficeCommune) -> Screen:
    """Offer officers, leaders and the areas; mark those that nobody has joined."""
    texts = context.texts
    members = people.people_of_commune(context.tx, commune.id)
    joined = {one.membership.unit_id for one in members}
    areas = access.narrowed(context, access.areas_now(context, commune.id))
    choices: list[Button] = []
    if not context.typed:
        for kind in ("o", "l"):
            caption = f"people.role_{_ROLES[kind]}"
            choices.append(settings.button(texts, caption, commune, kind, 0))
    for one in areas:
        mark = "" if one.id in joined else "📭 "
        data = settings.data(commune, "r", one)
        choices.append(Button(f"{mark}{texts.unit(one)}", data))
    page = (
        ScreenBuilder(context).say("invites.whom").listed(choices, lambda one: one, whom, commune)
    )
    return page.back(to("m.invs", commune.id)).screen()


@whom.text
def take_whom(context: Context, text: str, commune: OfficeCommune) -> Next | None:
    """Take an area by its name."""
    areas = access.areas_now(context, commune.id)
    return access.by_name(context, areas, text, lambda one: settings.at(commune, "r", one))


@screen("m.iset", right=OFFICER)
def settings(
    context: Context, commune: OfficeCommune, kind: Role, unit_id: AreaId, uses: Uses, days: Days
) -> Screen:
    """Ask for how many people and days; the usual choice is marked."""
    texts = context.texts
    unit = places.unit(context.tx, unit_id) if unit_id else None
    place = texts.unit(unit) if unit else texts.say(f"people.role_{_ROLES[kind]}")

    def address(uses: int, days: int) -> Press:
        return settings.at(commune, kind, unit_id, uses, days)

    page = ScreenBuilder(context).say("invites.settings", place=place, uses=uses, days=days)
    add_choices(page, texts, uses, days, address)
    make = make_it.at(commune, kind, unit_id, uses, days)
    page.button("invites.button.make", make)
    if unit is not None:
        page.button("invites.button.print", Press("m.iprint", make.arguments))
    return page.back(whom.at(commune)).screen()


def add_choices(
    page: ScreenBuilder, texts: Texts, uses: int, days: int, address: Callable[[int, int], Press]
) -> None:
    """Add the buttons for the numbers of people and days, with the present ones marked."""

    def choice(key: str, count: int, present: int, target: Press) -> Button:
        return Button(
            f"{'● ' if count == present else ''}{texts.say(key, count=count)}", target.data
        )

    page.row(*(choice("invites.uses", n, uses, address(n, days)) for n in USES_CHOICES))
    page.row(*(choice("invites.days", n, days, address(uses, n)) for n in DAYS_CHOICES))


@settings.text
def take_settings(
    context: Context, text: str, commune: OfficeCommune, kind: Role, unit_id: AreaId,
    uses: Uses, days: Days,
) -> Next | None:  # fmt: skip
    """Take "12 người", "14 ngày", or both."""
    typed = typed_settings(text, uses, days)
    return Next(settings.at(commune, kind, unit_id, *typed)) if typed is not None else None


def typed_settings(text: str, uses: int, days: int) -> tuple[int, int] | None:
    """Return the typed numbers of people and days, or the present one; None without either."""
    typed_uses, typed_days = _TYPED_USES.search(text), _TYPED_DAYS.search(text)
    if typed_uses is None and typed_days is None:
        return None
    return (
        min(max(int(typed_uses[1]), 1), MOST_USES) if typed_uses else uses,
        min(max(int(typed_days[1]), 1), MOST_DAYS) if typed_days else days,
    )


@action("m.imake", right=OFFICER)
def make_it(
    context: Context, commune: OfficeCommune, kind: Role, unit_id: AreaId, uses: Uses, days: Days
) -> Next:
    """Make the invitation with these settings."""
    done, role = context.texts.say("invites.made"), _ROLES[kind]
    return make(context, role, commune.id, unit_id or None, done, uses=uses, days=days)


def make(
    context: Context,
    role: str,
    commune_id: int,
    unit_id: int | None,
    done: Html,
    *,
    uses: int,
    days: int,
    label: str | None = None,
    replaces_id: int | None = None,
    then: Press | None = None,
) -> Next:
    """Make an invitation and show it (or `then`); a double press makes only one."""
    wanted = (role, unit_id, uses, replaces_id, context.person.id)
    for one in invitations.list_invitations(context.tx, commune_id):
        same = (one.role, one.unit_id, one.uses, one.replaces_id, one.created_by)
        same_days = one.expires_at - one.created_at == timedelta(days=days)
        if same == wanted and same_days and one.created_at > context.now - DOUBLE_PRESS:
            return Next(then or to("m.inv", one.id), done)
    invitation, code = invitations.create_invitation(
        context.tx,
        role,
        now=context.now,
        expires_at=context.now + timedelta(days=days),
        uses=uses,
        commune_id=commune_id,
        unit_id=unit_id,
        label=label,
        created_by=context.person.id,
        replaces_id=replaces_id,
        way=context.way,
    )
    (short,) = context.deployment.short_codes.give(context.tx, [invitation.id])
    letter = _letter(context, invitation, code, grouped(short))
    return Next(then or to("m.inv", invitation.id), done, first=(letter,))


def _letter(context: Context, invitation: Invitation, code: str, short: str) -> Shown:
    """Return the message to forward, with the QR code and the code to type."""
    texts = context.texts
    username = context.deployment.bot_username
    link = f"https://t.me/{username}?start={code}" if username else ""
    commune = places.commune(context.tx, invitation.commune_id or 0)
    text = texts.say(
        "invites.letter" if link else "invites.letter_code",
        place=access.place_of(context, invitation),
        commune=commune.name,
        link=link,
        code=short,
        until=texts.full_day(invitation.expires_at, context.deployment.zone),
    )
    picture = qr_picture(link, f"thu-moi-{invitation.id}") if link else None
    return Shown(Screen(text), picture=picture)
