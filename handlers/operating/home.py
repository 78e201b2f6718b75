"""The operator's desk: how the communes stand, and the few things there are to do."""

from handlers.channel import Button, Reply, Screen
from handlers.operating.communes import operated
from handlers.presses import Press, pack
from handlers.turn import Turn
from handlers.waiting import menu
from storage import difficulties, overviews


def desk(turn: Turn) -> Reply | None:
    """Communes, open rounds, difficulties passed up; None for who is no operator."""
    if not turn.operator:
        return None
    texts, communes = turn.texts, operated(turn)
    ids = [one.id for one in communes]
    newest = overviews.newest_rounds(turn.tx, ids, turn.now)
    open_ = sum(1 for count in newest.values() if count.open)
    waiting = len(difficulties.passed_up(turn.tx, ids))
    lines = [
        texts.say("operating.title", communes=len(communes)),
        "",
        texts.say("operating.rounds", open=open_, without=len(communes) - open_),
        texts.say("operating.waiting", count=waiting),
    ]
    rows = (
        (Button(texts.say("operating.button.communes"), pack("s.all")),),
        (Button(texts.say("operating.button.round"), pack("o.round")),),
        (Button(texts.say("operating.button.invite"), pack("o.inv")),),
        (Button(texts.say("operating.button.difficulties", count=waiting), pack("o.diff")),),
        (Button(texts.say("button.home"), pack("home")),),
    )
    return menu(turn, Screen("\n".join(lines), rows), Press("o.home"))


def nobody(turn: Turn) -> Screen:
    """What somebody who is no operator reads."""
    rows = ((Button(turn.texts.say("button.home"), pack("home")),),)
    return Screen(turn.texts.say("operating.nobody"), rows)
