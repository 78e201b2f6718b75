"""Forgetting a person: texts that certainly name the person are masked at once.

Officers get a message about texts that may still name the person, and mask or leave each.
"""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Annotated

from sqlalchemy import Connection

from handlers.flow.arguments import by_id
from handlers.flow.channel import Screen
from handlers.flow.context import Context
from handlers.flow.deployment import Deployment
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Next, action, screen
from handlers.messages.notifications import tell_all
from handlers.officer.access import OfficeCommune, of_office
from handlers.texts import Html
from storage.people import linkings, people
from storage.personal_data import unmasked_texts, withdrawal
from storage.personal_data.unmasked_texts import RemainingText

_AROUND = 150  # letters shown before and after the words


def forget(tx: Connection, person_id: int, now: datetime, deployment: Deployment, way: str) -> None:
    """Forget the person, and tell the officers about texts that may still name the person.

    People who were joined into this person are the same one, and are forgotten too.
    """
    everybody = [person_id]
    if linkings.has_any(tx, person_id):
        everybody += linkings.people_merged_into(tx, person_id)
        linkings.forget(tx, everybody)
    communes = {one for each in everybody for one in withdrawal.forget(tx, each, now, way)}
    for commune_id in sorted(communes):
        count = len(unmasked_texts.of_commune(tx, commune_id))
        officers = [one.person.id for one in people.people_of_commune(tx, commune_id, "officer")]
        tell_all(
            tx, officers, "remains.told", now, deployment.zone,
            button=("remains.button.look", "m.names", commune_id), count=count,
        )  # fmt: skip


def forget_withdrawn(
    tx: Connection, person_ids: Sequence[int], now: datetime, deployment: Deployment
) -> None:
    """Forget those of these people who have not given consent again."""
    for person_id in withdrawal.still_withdrawn(tx, person_ids, now):
        forget(tx, person_id, now, deployment, "clock")


# --- texts that may still name a person -----------------------------------------------------------

OfficeRemain = Annotated[RemainingText, by_id(unmasked_texts.text_by_id, of_office)]


@screen("m.names", right=OFFICER)
def oldest(context: Context, commune: OfficeCommune) -> Screen:
    """Show the oldest text that no officer has decided on."""
    found = unmasked_texts.of_commune(context.tx, commune.id)
    page = ScreenBuilder(context)
    if found:
        page.say("remains.one", count=len(found), text=_marked(found[0]))
        page.button("remains.button.mask", settle.at(found[0]))
        page.button("remains.button.leave", settle.at(found[0], key="m.namen"))
    else:
        page.say("remains.none")
    return page.back(to("m.hub", commune.id)).screen()


@action("m.namey", right=OFFICER, also=("m.namen",))
def settle(context: Context, remain: OfficeRemain) -> Next:
    """Mask the words, or leave them."""
    mask = context.here.action == "m.namey"
    unmasked_texts.settle(context.tx, remain, context.now, mask=mask)
    above = context.texts.say("remains.masked" if mask else "remains.left")
    return Next(oldest.at(remain.commune_id), above)


def _marked(one: RemainingText) -> Html:
    """Return the text around the words, with the words in bold."""
    parts, end = [], max(one.spans[0][0] - _AROUND, 0)
    for begins, ends in one.spans:
        parts.append(escape(one.text[end:begins], quote=False))
        parts.append(f"<b>{escape(one.text[begins:ends], quote=False)}</b>")
        end = ends
    return Html("".join([*parts, escape(one.text[end : end + _AROUND], quote=False)]))
