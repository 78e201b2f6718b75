"""How the two sides of a linking are named to each other."""

from sqlalchemy import Connection

from handlers.flow.deployment import messenger_name
from handlers.operator.communes import with_group
from handlers.report.wording import unit_text
from handlers.texts import Html, Texts
from storage import people, places
from storage.people import Membership, Person

_MOST_ROLES = 4


def side(tx: Connection, person: Person, texts: Texts) -> Html:
    """A known person: name, messenger and roles, one a line."""
    held = people.memberships_of(tx, person.id)
    lines = [account(person.bot or "", person.name, texts)]
    lines += [texts.say("link.role", role=_role(tx, one, texts)) for one in held[:_MOST_ROLES]]
    if len(held) > _MOST_ROLES:
        lines.append(texts.say("mydata.more_roles", count=len(held) - _MOST_ROLES))
    return Html("\n".join(lines))


def account(bot: str, name: str | None, texts: Texts) -> Html:
    """A name with its messenger: "Lan (Zalo)"."""
    shown = name or texts.say("somebody")
    return texts.say("link.account", name=shown, messenger=messenger_name(bot, texts))


def _role(tx: Connection, role: Membership, texts: Texts) -> str:
    if role.commune_id is None:
        return with_group(texts, "join.place_operator", role.group_name)
    commune = places.commune(tx, role.commune_id).name
    if role.unit_id is None:
        return texts.say(f"join.place_{role.role}", commune=commune)
    unit = unit_text(places.unit(tx, role.unit_id), texts)
    return texts.say("join.place_area", unit=unit, commune=commune)
