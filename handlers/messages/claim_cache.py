"""What is read for one claim, so that many messages of a round read it once."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from criteria.scoring import Result
from handlers.flow.deployment import Deployment
from handlers.status.loading import load_status, result_of
from handlers.status.view import StatusView
from storage import rounds
from storage.rounds import Round


@dataclass(slots=True)
class ClaimCache:
    """The rounds of the claimed messages, with their results, at the moment of the claim."""

    now: datetime
    deployment: Deployment
    rounds: dict[int, Round | None] = field(default_factory=dict)
    results: dict[int, Result] = field(default_factory=dict)
    statuses: dict[int, StatusView] = field(default_factory=dict)

    def round(self, tx: Connection, round_id: int) -> Round | None:
        """The round."""
        if round_id not in self.rounds:
            self.rounds[round_id] = rounds.round_by_id(tx, round_id)
        return self.rounds[round_id]

    def result(self, tx: Connection, round_: Round) -> Result:
        """The round's score."""
        if round_.id not in self.results:
            self.results[round_.id] = result_of(tx, round_)
        return self.results[round_.id]

    def status(self, tx: Connection, round_: Round) -> StatusView:
        """The round as the status screens see it."""
        if round_.id not in self.statuses:
            self.statuses[round_.id] = load_status(tx, round_, self.now)
        return self.statuses[round_.id]
