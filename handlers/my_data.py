"""What is held about a person, shown to that person; and being forgotten."""

from handlers.channel import Button, Reply, Screen, Shown
from handlers.presses import Press, pack
from handlers.turn import Turn
from storage import history, people


def shown(turn: Turn) -> Reply:
    """Everything held about me."""
    person, texts = turn.person, turn.texts
    consented = people.consent_of(turn.tx, person.id)
    text = texts.say(
        "mydata.all",
        name=person.name or "—",
        handle=f"@{person.handle}" if person.handle else "—",
        account=person.address or "—",
        consent=texts.time(consented, turn.house.zone) if consented else "—",
        roles=len(turn.memberships),
        changes=history.count_of_person(turn.tx, person.id),
    )
    return Reply((Shown(Screen(text, _rows(turn))),), person=person.id)


def _rows(turn: Turn) -> tuple[tuple[Button, ...], ...]:
    return (
        (Button(turn.texts.say("button.leave"), pack("m.leave")),),
        (Button(turn.texts.say("button.delete_me"), pack("del")),),
        (Button(turn.texts.say("button.home"), pack("home")),),
    )


def asked_to_forget(turn: Turn) -> Reply:
    """The question before somebody is forgotten."""
    rows = (
        (Button(turn.texts.say("button.delete_yes"), pack("delyes")),),
        (Button(turn.texts.say("button.delete_no"), pack("home")),),
    )
    return turn.shows(Screen(turn.texts.say("mydata.forget"), rows))


def forgotten(turn: Turn, press: Press) -> Reply:
    """Name, handle and account vanish; the area's figures stay."""
    people.forget(turn.tx, turn.person.id, turn.now)
    text = turn.texts.say("mydata.forgotten")
    return Reply((Shown(Screen(text), edit=turn.incoming.message),), commands=())
