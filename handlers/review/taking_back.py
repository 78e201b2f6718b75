"""Taking an acceptance back: one report, or all that were accepted in the same moment."""

from datetime import UTC, datetime, timedelta

from handlers.flow.arguments import number
from handlers.flow.context import OFFICER, Context
from handlers.flow.press import Press
from handlers.flow.routes import Next, action, argument
from handlers.review.cases import OfRound
from handlers.review.screens import waiting_list
from storage import reports, rounds
from storage.rounds import Round

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _AtOnce(OfRound):
    """A round under review, and the instant (microseconds since 1970) of one acceptance."""

    instant: int = argument(number)


@action("v.undo", _AtOnce, right=OFFICER)
def take_back(context: Context, at: _AtOnce) -> Next:
    """What this person accepted in that moment waits for review again."""
    when = _EPOCH + timedelta(microseconds=at.instant)
    found = reports.accepted_at(context.tx, at.round.id, context.person.id, when)
    open_ = rounds.open_units(context.tx, at.round, context.now)
    meant = [one for one in found if one.unit_id in open_]
    for one in meant:
        reports.take_back_acceptance(context.tx, one, **context.authorship)
    key = "review.taken_back" if meant else "review.taken_back_none"
    return Next(waiting_list.at(at.round), context.texts.say(key, count=len(meant)))


def way_back(context: Context, round_: Round) -> Press | None:
    """The address that takes back what this person accepts at this moment; None for nothing."""
    if not reports.accepted_at(context.tx, round_.id, context.person.id, context.now):
        return None
    return take_back.at(round_, (context.now - _EPOCH) // timedelta(microseconds=1))
