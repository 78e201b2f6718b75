"""A person's own stored data on screens: to read, to correct, to withdraw, to be forgotten."""

from collections.abc import Sequence

from handlers.flow.channel import Reply, Screen, Shown
from handlers.flow.commands import opens, phrase
from handlers.flow.context import Context
from handlers.flow.deployment import messenger_name
from handlers.flow.page import ScreenBuilder, button, to
from handlers.flow.press import Press
from handlers.flow.rights import EVERYBODY
from handlers.flow.routes import Next, action, screen
from handlers.joining.leaving import role_name, tell_of_leaving
from handlers.joining.person_names import clean_name
from handlers.personal_data import forgetting
from handlers.texts import plain
from storage.people import board_sessions, linkings, people, roles
from storage.people.people import Person
from storage.personal_data import withdrawal
from storage.personal_data.own_data import chats_of, stored_data

_MOST_ROLES = 6
# The phrases for each screen, without marks and case; also the commands.
_PHRASES = {
    "dulieu": "y.data", "du lieu": "y.data", "du lieu cua toi": "y.data", "mydata": "y.data",
    "my data": "y.data",
    "suaten": "y.name", "sua ten": "y.name", "doi ten": "y.name", "rename": "y.name",
    "change my name": "y.name", "correct my name": "y.name",
    "rut": "y.out", "rut dong y": "y.out", "rut lui": "y.out", "withdraw": "y.out",
    "withdraw consent": "y.out",
    "xoatoi": "y.del", "xoa toi": "y.del", "deleteme": "y.del", "delete me": "y.del",
}  # fmt: skip


@phrase()
def named(context: Context, text: str) -> Press | None:
    """Return the address for a typed phrase: "sửa tên", "rút đồng ý", "xoá tôi"."""
    action = _PHRASES.get(plain(text))
    return to(action) if action is not None else None


@screen("y.data", right=EVERYBODY)
def all_data(context: Context) -> Screen:
    """Show everything that is stored about the person."""
    person, texts, zone = context.person, context.texts, context.deployment.zone
    joined = linkings.people_merged_into(context.tx, person.id)
    found = stored_data(context.tx, person.id, joined)
    page = ScreenBuilder(context).say(
        "mydata.who",
        name=person.name or "—",
        handle=_account(person),
        account=person.address or "—",
        phone=found.phone or texts.say("mydata.no_phone"),
        language=texts.say("language.name"),
    )
    _add_chats(context, page, joined)
    page.say(
        "mydata.consent",
        when=texts.time(found.consent_at, zone) if found.consent_at else "—",
        version=found.consent_version or "—",
    )
    for one in context.memberships[:_MOST_ROLES]:
        page.say("mydata.role", role=role_name(context, one))
    if len(context.memberships) > _MOST_ROLES:
        page.say("mydata.more_roles", count=len(context.memberships) - _MOST_ROLES)
    if not context.memberships:
        page.say("mydata.no_role")
    page.say("mydata.counts", changes=found.changes, pieces=found.pieces)
    page.say("mydata.counts_more", difficulties=found.difficulties, waiting=found.waiting)
    some = {
        "taps": found.taps,
        "unfetched": found.unfetched,
        "mutes": found.mutes,
        "notices": found.notices,
    }
    for key, count in some.items():
        if count:
            page.say(f"mydata.{key}", count=count)
    if found.evenings:
        page.say("mydata.evenings")
    open_ = board_sessions.open_sessions(context.tx, person.id, context.now)
    for session in open_:
        when = texts.time(session.opened_at, zone)
        page.say("mydata.board", browser=session.browser, when=when)
    deployment = context.deployment
    page.line().say("mydata.kept", months=deployment.evidence_months, years=deployment.round_years)
    page.say("mydata.figures")
    for session in open_:
        page.button("board.button.close", to("u.end", session.id), browser=session.browser)
    page.row(ask_name.button(texts, "mydata.button.name"), button(texts, "button.leave", "m.leave"))
    page.button("mydata.button.withdraw", ask_to_go.at())
    return page.button("button.delete_me", ask_to_go.at(key="y.del")).home().screen()


def _add_chats(context: Context, page: ScreenBuilder, joined: Sequence[int]) -> None:
    """Add all chats if there are several, and the people who are linked."""
    texts, chats = context.texts, chats_of(context.tx, context.person.id)
    for one in chats if len(chats) > 1 else ():
        handle = f"@{one.handle}" if one.handle else None
        names = " · ".join(filter(None, (one.account_name, handle, one.chat)))
        page.say("mydata.chat", messenger=messenger_name(one.bot, texts), account=names)
    if joined:
        others = people.people_by_ids(context.tx, joined)
        page.say("mydata.joined", names=", ".join(one.name for one in others if one.name) or "—")


def _account(person: Person) -> str:
    """Return the account's handle, and its name if it differs from the person's."""
    other = person.account_name if person.account_name != person.name else None
    handle = f"@{person.handle}" if person.handle else None
    return " · ".join(filter(None, (handle, other))) or "—"


# --- the name -----------------------------------------------------------------------------------


@screen("y.name", right=EVERYBODY, asks=True)
def ask_name(context: Context) -> Screen:
    """Ask for the person's name."""
    page = ScreenBuilder(context).say("mydata.name_ask", name=context.person.name or "—")
    return page.back(all_data.at()).screen()


@screen("y.look", right=EVERYBODY)
def preview(context: Context) -> Screen | None:
    """Show the name before it is stored; without one (an old button) ask for it again."""
    if not context.typed:
        return ask_name(context)
    page = ScreenBuilder(context).say("mydata.name_look", name=context.typed[0])
    return page.button("button.right", store_name.at()).back(ask_name.at()).screen()


@ask_name.text
@preview.text
def take_name(context: Context, text: str) -> Next:
    """Show the typed name before it is stored; ask again when it isn't a name."""
    name = clean_name(text)
    if name is None:
        return Next(ask_name.at(), context.texts.say("mydata.name_unclear"))
    return Next(preview.at(), typed=(name,))


@action("y.keep", right=EVERYBODY)
def store_name(context: Context) -> Next:
    """Store the name."""
    if not context.typed:
        return Next(ask_name.at())
    people.set_name(context.tx, context.person.id, context.typed[0], context.now, context.way)
    return Next(name_stored.at(), context.texts.say("mydata.name_kept", name=context.typed[0]))


@screen("y.named", right=EVERYBODY)
def name_stored(context: Context) -> Screen:
    """Show the next steps below the message that the name was stored."""
    page = (
        ScreenBuilder(context).say("mydata.name_where").button("mydata.button.all", all_data.at())
    )
    return page.home().screen()


# --- withdrawing and deleting ------------------------------------------------------------------


@screen("y.out", right=EVERYBODY, also=("y.del",))
def ask_to_go(context: Context) -> Screen:
    """Show what it means to withdraw the consent, or to be forgotten."""
    forgets = context.here.action == "y.del"
    page = ScreenBuilder(context).say("mydata.forget" if forgets else "mydata.withdraw")
    members = (roles.member(context.tx, one.id) for one in context.memberships)
    if any(one is not None and roles.last_officer(context.tx, one) for one in members):
        page.line().say("mydata.last_officer")
    if forgets:
        page.button("button.delete_yes", forget.at())
    else:
        page.button("mydata.button.withdraw_yes", withdraw.at())
    return page.button("button.delete_no", to("home")).screen()


@action("y.outy", right=EVERYBODY)
def withdraw(context: Context) -> Reply:
    """End roles and messages; the name is stored for 30 days, in case the person returns."""
    tell_of_leaving(context, context.memberships)
    withdrawal.withdraw(context.tx, context.person.id, context.now, context.way)
    return _goodbye(context, "mydata.withdrawn")


@action("y.dely", right=EVERYBODY)
def forget(context: Context) -> Reply:
    """Delete name, handle and account; the area's figures remain."""
    tell_of_leaving(context, context.memberships)
    forgetting.forget(context.tx, context.person.id, context.now, context.deployment, context.way)
    return _goodbye(context, "mydata.forgotten")


def _goodbye(context: Context, key: str) -> Reply:
    return Reply((Shown(Screen(context.texts.say(key)), edit=context.pressed_on),), commands=())


opens("dulieu", "mydata", all_data.at(), place=130, menu=EVERYBODY.holds)
opens("suaten", "rename", ask_name.at())
opens("rut", "withdraw", ask_to_go.at())
opens("xoatoi", "deleteme", ask_to_go.at(key="y.del"))
