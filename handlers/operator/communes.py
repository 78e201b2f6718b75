"""Which communes an operator has: all of the installation, or those of named groups."""

from handlers.flow.context import Context
from handlers.flow.routes import GONE, Loading
from storage import places
from storage.places import Commune


def operated(context: Context) -> list[Commune]:
    """The operator's communes, by name; none for anybody else."""
    groups = _groups(context)
    found = places.communes(context.tx) if groups else []
    return found if None in groups else [one for one in found if one.group_name in groups]


def operates(context: Context, commune_id: int) -> bool:
    """Whether the person is an operator of this commune."""
    return _operated(context, commune_id) is not None


def operates_everything(context: Context) -> bool:
    """Whether the person is an operator of the whole installation."""
    return None in _groups(context)


def commune_of_operator(loading: Loading) -> object:
    """An argument: one of the operator's communes."""
    return _operated(loading.context, loading.number or 0) or GONE


def _operated(context: Context, commune_id: int) -> Commune | None:
    groups = _groups(context)
    found = places.find_commune(context.tx, commune_id) if groups else None
    return found if found is not None and (None in groups or found.group_name in groups) else None


def _groups(context: Context) -> set[str | None]:
    """The groups of the roles held now; None stands for the whole installation."""
    groups = {m.group_name for m in context.memberships if m.role == "operator"}
    if context.incoming.sender.address in context.deployment.operator_ids:
        groups.add(None)
    return groups
