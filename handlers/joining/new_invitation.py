"""A new invitation: for whom, how many people, how long; then its link and QR code."""

import re
from datetime import timedelta

from handlers.flow.channel import Button, Screen, Shown
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import back, button, listed, to
from handlers.flow.press import Press, pack
from handlers.joining.qr import qr_picture
from handlers.officer import access
from handlers.report.wording import unit_text
from handlers.texts import Html
from storage import invitations, people, places
from storage.invitations import Invitation

_ROLES = {"r": "reporter", "o": "officer", "l": "leader"}
_USES, _DAYS = (1, 5, 9), (7, 30, 90)
_AREA_USES, _LONGEST_USES, _LONGEST_DAYS = 9, 1000, 366
_DEFAULT_DAYS = 30
_DOUBLE_PRESS = timedelta(seconds=10)
_SAID_USES = re.compile(
    r"(\d{1,4})\s*(?:người|nguoi|lần|lan|lượt|luot|people|person|uses?)", re.IGNORECASE
)
_SAID_DAYS = re.compile(r"(\d{1,3})\s*(?:ngày|ngay|hôm|hom|days?)", re.IGNORECASE)


def _whom(context: Context, press: Press, said: Said) -> Screen | None:
    """Officers, leaders, or an area; those that nobody has joined are marked."""
    commune = access.commune(context, press.number(0))
    if commune is None:
        return None
    texts = context.texts
    held = people.people_of_commune(context.tx, commune.id)
    joined = {one.membership.unit_id for one in held}
    areas = access.narrowed(access.areas_now(context, commune.id), said)
    roles = (("people.role_officer", "o"), ("people.role_leader", "l")) if not said else ()
    choices = [
        *((texts.say(key), kind, 0) for key, kind in roles),
        *(
            (f"{'' if one.id in joined else '📭 '}{unit_text(one, texts)}", "r", one.id)
            for one in areas
        ),
    ]
    rows = listed(
        texts,
        choices,
        press.number(1),
        lambda one: Button(one[0], pack("m.iset", commune.id, one[1], one[2])),
        lambda page: pack("m.iwho", commune.id, page),
    )
    return Screen(texts.say("invites.whom"), (*rows, back(texts, "m.invs", commune.id)))


def _take_whom(context: Context, press: Press, said: Said, text: str) -> Next | None:
    commune_id = press.number(0) or 0
    found = access.named(context, commune_id, text)
    return access.going(press, found, lambda one: to("m.iset", commune_id, "r", one.id))


def _settings(context: Context, press: Press, said: Said) -> Screen | None:
    """How many people and how long; the usual stands there already."""
    asked = _asked(context, press)
    if asked is None:
        return None
    commune, kind, unit, uses, days = asked
    texts = context.texts
    place = access.place_text(context, _ROLES[kind], unit or None, texts)
    text = texts.say("invites.settings", place=place, uses=uses, days=days)

    def choice(key: str, number: int, chosen: int, *arguments: int | str) -> Button:
        mark = "● " if number == chosen else ""
        caption = f"{mark}{texts.say(key, count=number)}"
        return Button(caption, pack("m.iset", commune, kind, unit, *arguments))

    rows = (
        tuple(choice("invites.uses", one, uses, one, days) for one in _USES),
        tuple(choice("invites.days", one, days, uses, one) for one in _DAYS),
        (button(texts, "invites.button.make", "m.imake", commune, kind, unit, uses, days),),
        back(texts, "m.iwho", commune),
    )
    return Screen(text, rows)


def _take_settings(context: Context, press: Press, said: Said, text: str) -> Next | None:
    """Take "12 người", "14 ngày", or both."""
    asked = _asked(context, press)
    if asked is None:
        return None
    commune, kind, unit, uses, days = asked
    more, longer = _SAID_USES.search(text), _SAID_DAYS.search(text)
    if more is None and longer is None:
        return None
    uses = min(max(int(more[1]), 1), _LONGEST_USES) if more else uses
    days = min(max(int(longer[1]), 1), _LONGEST_DAYS) if longer else days
    return Next(to("m.iset", commune, kind, unit, uses, days))


def _make(context: Context, press: Press, said: Said) -> Next | None:
    asked = _asked(context, press)
    if asked is None:
        return None
    commune, kind, unit, uses, days = asked
    done = context.texts.say("invites.made")
    return make(context, _ROLES[kind], commune, unit or None, done, uses=uses, days=days)


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
    """Make an invitation and go on to it (or `then`); pressed twice within seconds, it is one."""
    wanted = (role, unit_id, uses, replaces_id, context.person.id)
    for one in invitations.list_invitations(context.tx, commune_id):
        like = (one.role, one.unit_id, one.uses, one.replaces_id, one.created_by)
        lasts = one.expires_at - one.created_at == timedelta(days=days)
        if like == wanted and lasts and one.created_at > context.now - _DOUBLE_PRESS:
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
        way="button",
    )
    letter = _letter(context, invitation, code)
    return Next(then or to("m.inv", invitation.id), done, first=(letter,))


def _letter(context: Context, invitation: Invitation, code: str) -> Shown:
    """The message to be passed on, with its QR code."""
    texts = context.texts
    username = context.deployment.bot_username
    link = f"https://t.me/{username}?start={code}" if username else ""
    commune = places.commune(context.tx, invitation.commune_id or 0)
    text = texts.say(
        "invites.letter" if link else "invites.letter_code",
        place=access.place_text(context, invitation.role, invitation.unit_id, texts),
        commune=commune.name,
        link=link or f"/start {code}",
        until=Html(texts.full_day(invitation.expires_at, context.deployment.zone)),
    )
    picture = qr_picture(link, f"thu-moi-{invitation.id}") if link else None
    return Shown(Screen(text), picture=picture)


def _asked(context: Context, press: Press) -> tuple[int, str, int, int, int] | None:
    """Commune, kind, area (0 for none), uses and days, as far as they may be asked for."""
    commune, kind, unit_id = (
        access.commune(context, press.number(0)),
        press.text(1),
        press.number(2),
    )
    if commune is None or kind not in _ROLES:
        return None
    unit = 0
    if kind == "r":
        area = access.area(context, unit_id, commune.id)
        if area is None:
            return None
        unit = area.id
    uses, days = press.number(3), press.number(4)
    usual = _AREA_USES if unit else 1
    uses = usual if uses is None or not 1 <= uses <= _LONGEST_USES else uses
    days = _DEFAULT_DAYS if days is None or not 1 <= days <= _LONGEST_DAYS else days
    return commune.id, kind, unit, uses, days


STEPS = Steps(
    views={"m.iwho": _whom, "m.iset": _settings},
    deeds={"m.imake": _make},
    takes={"m.iwho": _take_whom, "m.iset": _take_settings},
)
