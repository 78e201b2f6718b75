"""What is held about a person, shown to that person: to correct, to withdraw, to be forgotten."""

from handlers import forgetting
from handlers.channel import Button, Reply, Screen, Shown
from handlers.managing.leaving import role_name
from handlers.person_names import clean_name
from handlers.phrases import phrase
from handlers.presses import Press, pack
from handlers.steps import Next, Said, Steps, back, button, to, to_home
from handlers.texts import Html, plain
from handlers.turn import Turn
from storage import leaving, people, roles
from storage.held import held
from storage.people import Person

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
def named(turn: Turn, text: str) -> Press | None:
    """The screen that the words ask for: "sửa tên", "rút đồng ý", "xoá tôi"."""
    action = _NAMED.get(plain(text))
    return to(action) if action is not None else None


def _shown(turn: Turn, press: Press, said: Said) -> Screen:
    """Everything held about me."""
    person, texts, zone = turn.person, turn.texts, turn.house.zone
    found = held(turn.tx, person.id)
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
        *_roles(turn),
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


def _roles(turn: Turn) -> list[Html]:
    texts = turn.texts
    found = [texts.say("mydata.role", role=role_name(turn, one)) for one in turn.memberships]
    if len(found) > _MOST_ROLES:
        more = texts.say("mydata.more_roles", count=len(found) - _MOST_ROLES)
        return [*found[:_MOST_ROLES], more]
    return found or [texts.say("mydata.no_role")]


# --- the name -----------------------------------------------------------------------------------


def _ask_name(turn: Turn, press: Press, said: Said) -> Screen:
    text = turn.texts.say("mydata.name_ask", name=turn.person.name or "—")
    return Screen(text, (back(turn.texts, "y.data"),))


def _take_name(turn: Turn, press: Press, said: Said, text: str) -> Next:
    name = clean_name(text)
    if name is None:
        return Next(to("y.name"), turn.texts.say("mydata.name_unclear"))
    return Next(to("y.look"), said=(name,))


def _preview(turn: Turn, press: Press, said: Said) -> Screen:
    """How the name will stand; without one (an old button) it is asked for again."""
    if not said:
        return _ask_name(turn, press, said)
    rows = ((button(turn.texts, "button.right", "y.keep"),), back(turn.texts, "y.name"))
    return Screen(turn.texts.say("mydata.name_look", name=said[0]), rows)


def _keep_name(turn: Turn, press: Press, said: Said) -> Next:
    if not said:
        return Next(to("y.name"))
    people.set_name(turn.tx, turn.person.id, said[0], turn.now)
    return Next(to("y.named"), turn.texts.say("mydata.name_kept", name=said[0]))


def _named(turn: Turn, press: Press, said: Said) -> Screen:
    """The way on, below the sentence that the name was kept."""
    rows = ((button(turn.texts, "mydata.button.all", "y.data"),), to_home(turn.texts))
    return Screen(turn.texts.say("mydata.name_where"), rows)


# --- out ----------------------------------------------------------------------------------------


def _ask_to_withdraw(turn: Turn, press: Press, said: Said) -> Screen:
    return _asked(turn, "mydata.withdraw", "mydata.button.withdraw_yes", "y.outy")


def _ask_to_forget(turn: Turn, press: Press, said: Said) -> Screen:
    return _asked(turn, "mydata.forget", "button.delete_yes", "y.dely")


def _asked(turn: Turn, key: str, caption: str, action: str) -> Screen:
    lines: list[str] = [turn.texts.say(key)]
    held_roles = (roles.member(turn.tx, one.id) for one in turn.memberships)
    if any(one is not None and roles.last_officer(turn.tx, one) for one in held_roles):
        lines += ["", turn.texts.say("mydata.last_officer")]
    no = Button(turn.texts.say("button.delete_no"), pack("home"))
    return Screen("\n".join(lines), ((button(turn.texts, caption, action),), (no,)))


def _withdraw(turn: Turn, press: Press, said: Said) -> Reply:
    """Roles and messages end; whoever comes back within 30 days finds their name again."""
    leaving.withdraw(turn.tx, turn.person.id, turn.now)
    return _gone(turn, "mydata.withdrawn")


def _forget(turn: Turn, press: Press, said: Said) -> Reply:
    """Name, handle and account vanish; the area's figures stay."""
    forgetting.forget(turn.tx, turn.person.id, turn.now, turn.house)
    return _gone(turn, "mydata.forgotten")


def _gone(turn: Turn, key: str) -> Reply:
    pressed = turn.incoming.message if turn.incoming.kind == "press" else None
    return Reply((Shown(Screen(turn.texts.say(key)), edit=pressed),), commands=())


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
