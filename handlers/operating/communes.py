"""Which communes an operator has: all of the installation, or those of named groups."""

from handlers.turn import Turn
from storage import places
from storage.places import Commune


def operates(turn: Turn, commune_id: int) -> bool:
    """Whether the person is an operator of this commune."""
    groups = _groups(turn)
    found = places.find_commune(turn.tx, commune_id) if groups else None
    return found is not None and (None in groups or found.group_name in groups)


def operated(turn: Turn) -> list[Commune]:
    """The operator's communes, by name; none for anybody else."""
    groups = _groups(turn)
    found = places.communes(turn.tx) if groups else []
    return found if None in groups else [one for one in found if one.group_name in groups]


def _groups(turn: Turn) -> set[str | None]:
    """The groups of the roles held now; None stands for the whole installation."""
    groups = {m.group_name for m in turn.memberships if m.role == "operator"}
    if turn.incoming.sender.address in turn.house.operator_ids:
        groups.add(None)
    return groups
