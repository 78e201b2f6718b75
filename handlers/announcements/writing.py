"""Writing a notice: to whom, the words, a look before with the count, and only then it goes out."""

from collections.abc import Mapping

from handlers.announcements.delivery import Announcement
from handlers.announcements.scope import OfScope, Scope, readers
from handlers.flow.arguments import one_among
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import Page, to
from handlers.flow.rights import OFFICER, OFFICER_OR_OPERATOR
from handlers.flow.routes import Loading, Next, action, argument, screen
from handlers.officer import access
from handlers.officer.access import InCommune
from handlers.rounds.wording import checksum
from handlers.texts import Html, Texts, texts_of
from storage.messages import notices, outbox
from storage.messages.notices import Audience
from storage.places.places import Unit

LONGEST = 1000
_PRIORITY = 3  # before reminders, after what answers somebody


_area = one_among(lambda it: access.areas_now(it.context, it.before["scope"].id))


def _unit(loading: Loading) -> object:
    """The area, where one is meant."""
    return _area(loading) if loading.before["audience"] == "area" else None


def _seen(loading: Loading) -> int | None:
    """The checksum of the words that were shown, behind the area where there is one."""
    place = 3 if loading.before["unit"] is not None else 2
    return loading.context.here.number(place)


class _Whom(OfScope):
    audience: Audience = argument(one_among(lambda it: it.before["scope"].audiences))
    unit: Unit | None = argument(_unit)


class _Sent(_Whom):
    seen: int | None = argument(_seen)


@screen("n.who", OfScope, right=OFFICER_OR_OPERATOR)
def ask_whom(context: Context, at: OfScope) -> Screen:
    """The kinds of readers, with how many there are."""
    page = Page(context).say("written.whom")
    for audience in at.scope.audiences:
        if audience == "area":
            page.button("written.button.area", ask_area.at(at.scope.id))
        else:
            count = len(readers(context, at.scope, audience, None))
            page.button(
                f"written.button.{audience}", ask_words.at(at, audience=audience), count=count
            )
    return page.back(to("n.list", at.scope.id)).screen()


@screen("n.area", InCommune, right=OFFICER)
def ask_area(context: Context, at: InCommune) -> Screen:
    """Which area."""
    areas = access.narrowed(context, access.areas_now(context, at.commune.id))

    def label(one: Unit) -> Button:
        return Button(context.texts.unit(one), ask_words.data(at.commune, "area", one))

    page = Page(context).say("written.which_area").listed(areas, label, ask_area, at)
    return page.back(ask_whom.at(at.commune)).screen()


@ask_area.text
def take_area(context: Context, at: InCommune, text: str) -> Next | None:
    """The area by its name."""
    areas = access.areas_now(context, at.commune.id)
    return access.by_name(context, areas, text, lambda one: ask_words.at(at.commune, "area", one))


@screen("n.text", _Whom, right=OFFICER_OR_OPERATOR, asks=True)
def ask_words(context: Context, at: _Whom) -> Screen:
    """What is to be said to them."""
    page = Page(context)
    page.say("written.words", whom=_whom(context, at), count=len(_readers(context, at)))
    return page.back(ask_whom.at(at)).screen()


@ask_words.text
def take_words(context: Context, at: _Whom, text: str) -> Next:
    """The words, to be looked at before they go out."""
    words = text.strip()
    if len(words) > LONGEST:
        too_long = context.texts.say("written.too_long", most=LONGEST, count=len(words))
        return Next(context.here, too_long)
    return Next(preview.at(at), said=(words,))


@screen("n.prev", _Whom, right=OFFICER_OR_OPERATOR)
def preview(context: Context, at: _Whom) -> Screen | None:
    """The notice as it will be read, and by how many."""
    if not context.said:
        return ask_words(context, at)
    words, count, page = context.said[0], len(_readers(context, at)), Page(context)
    page.say("written.look" if count else "written.nobody", whom=_whom(context, at), count=count)
    page.line().line(_words(context.texts, at.scope, words))
    if count:
        seen = checksum(words)
        after = (at.unit, seen) if at.unit else (seen,)  # right behind what says to whom
        page.button("written.button.send", send.at(at.scope, at.audience, *after), count=count)
    return page.back(ask_words.at(at)).screen()


@action("n.send", _Sent, right=OFFICER_OR_OPERATOR)
def send(context: Context, at: _Sent) -> Next:
    """Put it on its way to each reader, in their language's frame; pressed twice it goes once."""
    said, scope = context.said, at.scope
    if not said or at.seen != checksum(said[0]):
        return Next(to("n.list", scope.id))
    whom = _readers(context, at)
    if not whom:
        return Next(preview.at(at), said=said)
    made = notices.write_notice(
        context.tx, at.audience, said[0], commune_id=scope.commune_id,
        unit_id=at.unit.id if at.unit else None, count=len(whom), **context.authorship,
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


def _readers(context: Context, at: _Whom) -> Mapping[int, str]:
    return readers(context, at.scope, at.audience, at.unit.id if at.unit else None)


def _whom(context: Context, at: _Whom) -> str:
    if at.unit is not None:
        return context.texts.unit(at.unit)
    return context.texts.say(f"written.to_{at.audience}")


def _words(texts: Texts, scope: Scope, words: str) -> Html:
    return texts.say("written.message", name=scope.name(texts), text=words)


def _payload(texts: Texts, scope: Scope, words: str) -> str:
    return Page(texts).line(_words(texts, scope, words)).home().screen().to_json()
