"""What is held about a person, shown to that person: to correct, to withdraw, to be forgotten."""

from handlers.flow.channel import Button, Reply, Screen, Shown
from handlers.flow.commands import command
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import back, button, to, to_home
from handlers.flow.phrases import phrase
from handlers.flow.press import Press, pack
from handlers.flow.rights import EVERYBODY
from handlers.joining.leaving import role_name
from handlers.joining.person_names import clean_name
from handlers.personal_data import forgetting
from handlers.texts import Html, plain
from storage import people, roles
from storage.people import Person
from storage.personal_data import leaving
from storage.personal_data.own_data import held

_MOST_ROLES = 6
# What people write for it, without marks and case; also the commands.
_NAMED = {
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
    """The screen that the words ask for: "sửa tên", "rút đồng ý", "xoá tôi"."""
    action = _NAMED.get(plain(text))
    return to(action) if action is not None else None


def _shown(context: Context, press: Press, said: Said) -> Screen:
    """Everything held about me."""
    person, texts, zone = context.person, context.texts, context.deployment.zone
    found = held(context.tx, person.id)
    lines: list[str] = [
        texts.say(
            "mydata.who",
            name=person.name or "—",
            handle=_account(person),
            account=person.address or "—",
            phone=found.phone or texts.say("mydata.no_phone"),
            language=texts.say("language.name"),
        ),
        texts.say(
            "mydata.consent",
            when=texts.time(found.consent_at, zone) if found.consent_at else "—",
            version=found.consent_version or "—",
        ),
        *_roles(context),
        texts.say("mydata.counts", changes=found.changes, pieces=found.pieces),
        texts.say("mydata.counts_more", difficulties=found.difficulties, waiting=found.waiting),
    ]
    some = {
        "taps": found.taps,
        "unfetched": found.unfetched,
        "mutes": found.mutes,
        "notices": found.notices,
    }
    lines += [texts.say(f"mydata.{key}", count=count) for key, count in some.items() if count]
    if found.evenings:
        lines.append(texts.say("mydata.evenings"))
    lines += ["", texts.say("mydata.figures")]
    rows = (
        (button(texts, "mydata.button.name", "y.name"), button(texts, "button.leave", "m.leave")),
        (button(texts, "mydata.button.withdraw", "y.out"),),
        (button(texts, "button.delete_me", "y.del"),),
        to_home(texts),
    )
    return Screen("\n".join(lines), rows)


def _account(person: Person) -> str:
    """The account's handle, and its name where the person's own is another."""
    other = person.account_name if person.account_name != person.name else None
    handle = f"@{person.handle}" if person.handle else None
    return " · ".join(filter(None, (handle, other))) or "—"


def _roles(context: Context) -> list[Html]:
    texts = context.texts
    found = [texts.say("mydata.role", role=role_name(context, one)) for one in context.memberships]
    if len(found) > _MOST_ROLES:
        more = texts.say("mydata.more_roles", count=len(found) - _MOST_ROLES)
        return [*found[:_MOST_ROLES], more]
    return found or [texts.say("mydata.no_role")]


# --- the name -----------------------------------------------------------------------------------


def _ask_name(context: Context, press: Press, said: Said) -> Screen:
    text = context.texts.say("mydata.name_ask", name=context.person.name or "—")
    return Screen(text, (back(context.texts, "y.data"),))


def _take_name(context: Context, press: Press, said: Said, text: str) -> Next:
    name = clean_name(text)
    if name is None:
        return Next(to("y.name"), context.texts.say("mydata.name_unclear"))
    return Next(to("y.look"), said=(name,))


def _preview(context: Context, press: Press, said: Said) -> Screen:
    """How the name will stand; without one (an old button) it is asked for again."""
    if not said:
        return _ask_name(context, press, said)
    rows = ((button(context.texts, "button.right", "y.keep"),), back(context.texts, "y.name"))
    return Screen(context.texts.say("mydata.name_look", name=said[0]), rows)


def _keep_name(context: Context, press: Press, said: Said) -> Next:
    if not said:
        return Next(to("y.name"))
    people.set_name(context.tx, context.person.id, said[0], context.now)
    return Next(to("y.named"), context.texts.say("mydata.name_kept", name=said[0]))


def _named(context: Context, press: Press, said: Said) -> Screen:
    """The way on, below the sentence that the name was kept."""
    rows = ((button(context.texts, "mydata.button.all", "y.data"),), to_home(context.texts))
    return Screen(context.texts.say("mydata.name_where"), rows)


# --- out ----------------------------------------------------------------------------------------


def _ask_to_withdraw(context: Context, press: Press, said: Said) -> Screen:
    return _asked(context, "mydata.withdraw", "mydata.button.withdraw_yes", "y.outy")


def _ask_to_forget(context: Context, press: Press, said: Said) -> Screen:
    return _asked(context, "mydata.forget", "button.delete_yes", "y.dely")


def _asked(context: Context, key: str, caption: str, action: str) -> Screen:
    lines: list[str] = [context.texts.say(key)]
    held_roles = (roles.member(context.tx, one.id) for one in context.memberships)
    if any(one is not None and roles.last_officer(context.tx, one) for one in held_roles):
        lines += ["", context.texts.say("mydata.last_officer")]
    no = Button(context.texts.say("button.delete_no"), pack("home"))
    return Screen("\n".join(lines), ((button(context.texts, caption, action),), (no,)))


def _withdraw(context: Context, press: Press, said: Said) -> Reply:
    """Roles and messages end; whoever comes back within 30 days finds their name again."""
    leaving.withdraw(context.tx, context.person.id, context.now)
    return _gone(context, "mydata.withdrawn")


def _forget(context: Context, press: Press, said: Said) -> Reply:
    """Name, handle and account vanish; the area's figures stay."""
    forgetting.forget(context.tx, context.person.id, context.now, context.deployment)
    return _gone(context, "mydata.forgotten")


def _gone(context: Context, key: str) -> Reply:
    pressed = context.incoming.message if context.incoming.kind == "press" else None
    return Reply((Shown(Screen(context.texts.say(key)), edit=pressed),), commands=())


STEPS = Steps(
    views={
        "y.data": _shown,
        "y.name": _ask_name,
        "y.look": _preview,
        "y.named": _named,
        "y.out": _ask_to_withdraw,
        "y.del": _ask_to_forget,
    },
    deeds={"y.keep": _keep_name, "y.outy": _withdraw, "y.dely": _forget},
    takes={"y.name": _take_name, "y.look": _take_name},
    asking=frozenset({"y.name"}),
)


@command("dulieu", "mydata", place=130, menu=EVERYBODY.holds)
def my_data_command(context: Context, text: str) -> Next:
    """What is held about the person."""
    return Next(to("y.data"))


@command("suaten", "rename")
def rename_command(context: Context, text: str) -> Next:
    """Correct one's own name."""
    return Next(to("y.name"))


@command("rut", "withdraw")
def withdraw_command(context: Context, text: str) -> Next:
    """Take the consent back."""
    return Next(to("y.out"))


@command("xoatoi", "deleteme")
def delete_command(context: Context, text: str) -> Next:
    """Be forgotten."""
    return Next(to("y.del"))
