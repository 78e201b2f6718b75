"""Invitation sheets: the areas that need one, and making their invitations.

The command line, the chat and the board use them. The codes are known only while an invitation is
made, so its sheet can't be made again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.util import find_spec

from sqlalchemy import Connection

from criteria.sets.set_file import parse_criteria, shipped_ids, shipped_text
from handlers.flow.channel import TELEGRAM
from handlers.flow.deployment import Deployment
from handlers.joining.sheet_document import InvitationSheet, Way, sheets_document
from handlers.texts import texts_of
from storage.people import invitations
from storage.people.invitations import InvitationRequest
from storage.people.short_codes import grouped
from storage.places import places
from storage.places.places import Commune, Unit
from storage.rounds import rounds

DAYS = 30
USES = 9  # the members of a team


@dataclass(frozen=True, slots=True)
class Printed:
    """The settings of the sheets' invitations: people, days, language, author and way."""

    uses: int = USES
    days: int = DAYS
    language: str = "vi"
    by: int | None = None
    way: str = "command"


@dataclass(frozen=True, slots=True)
class AreaSheets:
    """The sheets of areas, to be written with a page for each; the ids of their invitations."""

    invitations: tuple[int, ...]
    sheets: tuple[InvitationSheet, ...]
    criteria: str
    at: datetime
    deployment: Deployment
    language: str

    def write(self) -> bytes:
        """Return the sheets as one .docx."""
        criteria = parse_criteria(self.criteria, "the criteria set")
        return sheets_document(self.sheets, criteria, self.at, self.deployment.zone, self.language)


def can_be_written() -> bool:
    """Return whether the extra that writes sheets is installed."""
    return find_spec("docx") is not None and find_spec("segno") is not None


def has_bot(deployment: Deployment, commune: Commune) -> bool:
    """Return whether there is a bot to name on a sheet."""
    return bool(deployment.bot_username or deployment.code_bots(commune.code))


def without_invitation(
    tx: Connection, commune_id: int, areas: Sequence[Unit], now: datetime
) -> list[Unit]:
    """Return the areas without an open invitation for reporters."""
    open_ = {
        one.unit_id
        for one in invitations.list_invitations(tx, commune_id)
        if one.role == "reporter" and one.valid(now)
    }
    return [one for one in areas if one.id not in open_]


def make_sheets(
    tx: Connection,
    commune: Commune,
    areas: Sequence[Unit],
    printed: Printed,
    now: datetime,
    deployment: Deployment,
) -> AreaSheets:
    """Make an invitation with both its codes, and a sheet, for the reporters of each area."""
    until = now + timedelta(days=printed.days)
    wanted = [InvitationRequest("reporter", commune.id, one.id, uses=printed.uses) for one in areas]
    made = invitations.create_invitations(
        tx, wanted, now=now, expires_at=until, created_by=printed.by, way=printed.way
    )
    typed = deployment.short_codes.give(tx, [invitation.id for invitation, _ in made])
    figures, texts = places.figures_of_commune(tx, commune.id), texts_of(printed.language)
    by_code = tuple(
        Way(one.bot, one.name, one.link, False) for one in deployment.code_bots(commune.code)
    )
    sheets = tuple(
        InvitationSheet(
            commune.name, texts.unit(area),
            (*_by_link(deployment.bot_username, code), *by_code), grouped(short),
            printed.uses, until, figures.get(area.id, {}),
        )
        for area, (_, code), short in zip(areas, made, typed, strict=True)
    )  # fmt: skip
    ids = tuple(invitation.id for invitation, _ in made)
    return AreaSheets(ids, sheets, _criteria_of(tx, commune.id), now, deployment, printed.language)


def _by_link(username: str, code: str) -> tuple[Way, ...]:
    if not username:
        return ()
    return (Way(TELEGRAM, f"@{username}", f"https://t.me/{username}?start={code}", True),)


def _criteria_of(tx: Connection, commune_id: int) -> str:
    """Return the text of the newest round's criteria set, else of the first set supplied."""
    found = [one for one in rounds.list_rounds(tx, commune_id) if one.state != "cancelled"]
    return found[0].criteria if found else shipped_text(shipped_ids()[0])
