"""Who reads which status: the arguments of its routes, each with the right to it."""

from handlers.flow.arguments import page_number
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


def readable_commune(loading: Loading) -> object:
    """An argument: a commune whose status the person reads."""
    context, number = loading.context, loading.number
    found = places.find_commune(context.tx, number) if number is not None else None
    return found if found is not None and _reads(context, found.id) else GONE


def readable_status(loading: Loading) -> object:
    """An argument: the status of such a commune's round, once that has begun."""
    context, number = loading.context, loading.number
    round_ = rounds.round_by_id(context.tx, number) if number is not None else None
    if round_ is None or round_.state in {"planned", "cancelled"}:
        return GONE
    if not _reads(context, round_.commune_id):
        return GONE
    return load_status(context.tx, round_, context.now)


def unit_of_status(loading: Loading) -> object:
    """An argument: the id of a unit of the round before it."""
    return loading.number if loading.number in loading.before["status"].units else GONE


def indicator_of_status(loading: Loading) -> object:
    """An argument: an indicator of the round before it."""
    known = loading.before["status"].criteria.indicators
    return next((one for one in known if one.code == loading.text), GONE)


class OfRound(Arguments):
    """What an address of a round's status carries."""

    status: StatusView = argument(readable_status)


class OnPage(OfRound):
    """The same of a list in pages."""

    page: int = argument(page_number)
