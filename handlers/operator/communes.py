"""The communes of an operator: all of the installation, or those of named groups."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import Connection

from handlers.flow.arguments import one_among
from handlers.flow.context import Context
from handlers.flow.deployment import Deployment
from handlers.flow.press import packed
from handlers.flow.routes import GONE
from handlers.texts import Html, Texts
from storage.people import people
from storage.people.people import Person
from storage.places import places
from storage.places.places import Commune

ALL = "0"  # in an address: all of the operator's communes


@dataclass(frozen=True, slots=True)
class CommuneGroup:
    """Communes of an operator: all of them, or those of one named group."""

    name: str | None
    communes: Sequence[Commune]

    @property
    def id(self) -> str:
        """Its form in an address; it can't be confused with a commune's number."""
        return ALL if self.name is None else f".{packed(zlib.crc32(self.name.encode()))}"


def groups_of(context: Context) -> list[CommuneGroup]:
    """Return all of the operator's communes, then each of several groups; [] for other people."""
    found = operated(context)
    names = sorted({one.group_name for one in found if one.group_name is not None})
    some = [CommuneGroup(name, [one for one in found if one.group_name == name]) for name in names]
    every = [CommuneGroup(None, found)] if context.operator else []
    return [*every, *(one for one in some if len(one.communes) < len(found))]


group_of_operator = one_among(lambda it: groups_of(it.context))
OwnGroup = Annotated[CommuneGroup, group_of_operator]


def operated(context: Context) -> list[Commune]:
    """Return the operator's communes, by name; [] for other people."""
    groups = _groups(context)
    found = places.communes(context.tx) if groups else []
    return found if None in groups else [one for one in found if one.group_name in groups]


def operates(context: Context, commune_id: int) -> bool:
    """Return whether the person is an operator of this commune."""
    return _operated(context, commune_id) is not None


def operates_everything(context: Context) -> bool:
    """Return whether the person is an operator of the whole installation."""
    return None in _groups(context)


def operators_of(tx: Connection, commune: Commune, deployment: Deployment) -> list[Person]:
    """Return the operators of the commune's group or of the whole installation, each once."""
    by_role = [
        one.person
        for one in people.people_with_role(tx, ("operator",))
        if one.membership.group_name in (None, commune.group_name)
    ]
    found = {one.id: one for one in (*operators_by_setting(tx, deployment), *by_role)}
    return list(found.values())


def operators_by_setting(tx: Connection, deployment: Deployment) -> list[Person]:
    """Return the operators named by a setting who have written to the bot."""
    found = (people.find_person(tx, *one) for one in deployment.operators)
    return [one for one in found if one is not None]


def _operated(context: Context, commune_id: int) -> Commune | None:
    groups = _groups(context)
    found = places.find_commune(context.tx, commune_id) if groups else None
    return found if found is not None and (None in groups or found.group_name in groups) else None


OperatedCommune = Annotated[Commune, lambda it: _operated(it.context, it.number or 0) or GONE]


def group_names(context: Context) -> str | None:
    """Return the names of the operator's groups; None for the whole installation."""
    groups = _groups(context)
    return None if None in groups else ", ".join(sorted(one for one in groups if one is not None))


def with_group(texts: Texts, key: str, group: str | None, **parameters: object) -> Html:
    """Return the text of a key, or its variant `…_group` that names the operator's group."""
    if not group:
        return texts.say(key, **parameters)
    return texts.say(f"{key}_group", group=group, **parameters)


def _groups(context: Context) -> set[str | None]:
    """Return the groups of the person's roles; None means the whole installation."""
    groups = {m.group_name for m in context.memberships if m.role == "operator"}
    if context.named_operator:
        groups.add(None)
    return groups
