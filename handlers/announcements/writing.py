"""Writing a notice: the readers, the text, a preview with their number, and sending it."""

from typing import Annotated

from handlers.announcements.delivery import Announcement
from handlers.announcements.scope import OwnScope, Scope, readers
from handlers.flow.arguments import one_among
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.rights import OFFICER, OFFICER_OR_OPERATOR
from handlers.flow.routes import Loading, Next, action, screen
from handlers.officer import access
from handlers.officer.access import OfficeCommune
from handlers.rounds.wording import checksum
from handlers.texts import Html, Texts, texts_of
from storage.messages import notices, outbox
from storage.messages.notices import Audience
from storage.places.places import Unit

LONGEST = 1000
_PRIORITY = 3  # after replies, before reminders

_area = one_among(lambda it: access.areas_now(it.context, it.before["scope"].id))


def _seen(loading: Loading) -> int | None:
    """Return the checksum of the shown text, which follows the area if the address has one."""
    place = 3 if loading.before["unit"] is not None else 2
    return loading.context.here.number(place)


Addressed = Annotated[Audience, one_among(lambda it: it.before["scope"].audiences)]
OneArea = Annotated[Unit | None, lambda it: _area(it) if it.before["audience"] == "area" else None]
Seen = Annotated[int | None, _seen]


@screen("n.who", right=OFFICER_OR_OPERATOR)
def ask_whom(context: Context, scope: OwnScope) -> Screen:
    """Ask for the kind of readers; show the number of each."""
    page = ScreenBuilder(context).say("written.whom")
    for audience in scope.audiences:
        if audience == "area":
            page.button("written.button.area", ask_area.at(scope.id))
        else:
            count = len(readers(context, scope, audience))
            page.button(f"written.button.{audience}", ask_words.at(scope, audience), count=count)
    return page.back(to("n.list", scope.id)).screen()


@screen("n.area", right=OFFICER)
def ask_area(context: Context, commune: OfficeCommune) -> Screen:
    """Ask for the area."""
    areas = access.narrowed(context, access.areas_now(context, commune.id))

    def label(one: Unit) -> Button:
        return Button(context.texts.unit(one), ask_words.data(commune, "area", one))

    page = ScreenBuilder(context).say("written.which_area").listed(areas, label, ask_area, commune)
    return page.back(ask_whom.at(commune)).screen()


@ask_area.text
def take_area(context: Context, text: str, commune: OfficeCommune) -> Next | None:
    """Take the area by its name."""
    areas = access.areas_now(context, commune.id)
    return access.by_name(context, areas, text, lambda one: ask_words.at(commune, "area", one))


@screen("n.text", right=OFFICER_OR_OPERATOR, asks=True)
def ask_words(context: Context, scope: OwnScope, audience: Addressed, unit: OneArea) -> Screen:
    """Ask for the text."""
    count = len(readers(context, scope, audience, unit))
    whom = _readers_name(context, audience, unit)
    page = ScreenBuilder(context).say("written.words", whom=whom, count=count)
    return page.back(ask_whom.at(scope)).screen()


@ask_words.text
def take_words(
    context: Context, text: str, scope: OwnScope, audience: Addressed, unit: OneArea
) -> Next:
    """Take the text and show the preview."""
    words = text.strip()
    if len(words) > LONGEST:
        too_long = context.texts.say("written.too_long", most=LONGEST, count=len(words))
        return Next(context.here, too_long)
    return Next(preview.at(scope, audience, unit), typed=(words,))


@screen("n.prev", right=OFFICER_OR_OPERATOR)
def preview(context: Context, scope: OwnScope, audience: Addressed, unit: OneArea) -> Screen | None:
    """Show the notice as its readers will see it, and their number."""
    if not context.typed:
        return ask_words(context, scope, audience, unit)
    words, page = context.typed[0], ScreenBuilder(context)
    count = len(readers(context, scope, audience, unit))
    whom = _readers_name(context, audience, unit)
    page.say("written.look" if count else "written.nobody", whom=whom, count=count)
    page.line().line(_message(context.texts, scope, words))
    if count:
        seen = checksum(words)
        after = (unit, seen) if unit else (seen,)  # directly after the readers
        page.button("written.button.send", send.at(scope, audience, *after), count=count)
    return page.back(ask_words.at(scope, audience, unit)).screen()


@action("n.send", right=OFFICER_OR_OPERATOR)
def send(context: Context, scope: OwnScope, audience: Addressed, unit: OneArea, seen: Seen) -> Next:
    """Queue the notice for each reader in their language; a second press sends nothing more."""
    said = context.typed
    if not said or seen != checksum(said[0]):
        return Next(to("n.list", scope.id))
    whom = readers(context, scope, audience, unit)
    if not whom:
        return Next(preview.at(scope, audience, unit), typed=said)
    made = notices.write_notice(
        context.tx, audience, said[0], commune_id=scope.commune_id,
        unit_id=unit.id if unit else None, count=len(whom), **context.authorship,
    )  # fmt: skip
    languages = {one: texts_of(one) for one in set(whom.values())}
    payloads = {one: _payload(texts, scope, said[0]) for one, texts in languages.items()}
    drafts = [
        outbox.Draft(
            person, Announcement.kind, payloads[language], context.now, _PRIORITY, notice_id=made
        )
        for person, language in whom.items()
    ]
    outbox.enqueue_all(context.tx, drafts, context.now)
    return Next(to("n.one", made), context.texts.say("written.on_its_way", count=len(whom)))


def _readers_name(context: Context, audience: Audience, unit: Unit | None) -> str:
    texts = context.texts
    return texts.unit(unit) if unit is not None else texts.say(f"written.to_{audience}")


def _message(texts: Texts, scope: Scope, text: str) -> Html:
    return texts.say("written.message", name=scope.name(texts), text=text)


def _payload(texts: Texts, scope: Scope, text: str) -> str:
    return ScreenBuilder(texts).line(_message(texts, scope, text)).home().screen().to_json()
