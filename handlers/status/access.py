"""Who reads which status: the arguments of its routes, each with the right to it."""

from handlers.flow.arguments import by_id, page_number
from handlers.flow.context import Context
from handlers.flow.routes import GONE, Arguments, Loading, argument
from handlers.operator.communes import operated, operates
from handlers.status.loading import load_status
from handlers.status.view import StatusView
from storage import places, rounds
from storage.places import Commune


def readable_communes(context: Context) -> list[Commune]:
    """The communes of the operator, and those the person leads or works for."""
    found = {one: places.commune(context.tx, one) for one in context.communes_read}
    found |= {one.id: one for one in operated(context)}
    return list(found.values())


def runs(context: Context, commune_id: int) -> bool:
    """Whether the person is an officer there, or the operator over it."""
    return commune_id in context.office_communes or operates(context, commune_id)


def _reads(context: Context, commune_id: int) -> bool:
    return commune_id in context.communes_read or operates(context, commune_id)


# An argument: a commune whose status the person reads.
readable_commune = by_id(places.find_commune, lambda context, one: _reads(context, one.id))
_begun_round = by_id(
    rounds.round_by_id,
    lambda context, one: one.has_begun and _reads(context, one.commune_id),
)


def _status(loading: Loading) -> object:
    """The status of such a commune's round, once that has begun."""
    round_ = _begun_round(loading)
    context = loading.context
    return load_status(context.tx, round_, context.now) if round_ is not GONE else GONE


class OfRound(Arguments):
    """What an address of a round's status carries."""

    status: StatusView = argument(_status)


class OnPage(OfRound):
    """The same of a list in pages."""

    page: int = argument(page_number)
