"""Where the presses and the typed texts of a review go; every one checks the right again."""

from collections.abc import Callable

from handlers.channel import Button, Reply, Screen
from handlers.presses import Press, pack, unpack
from handlers.review import accepting, behalf, correcting, returning, showing_evidence, totals
from handlers.review.menus import MENU, VIEWS, await_reply, present, show, view
from handlers.review.screens import list_screen, one_screen
from handlers.texts import plain
from handlers.turn import Turn
from storage import places, rounds

VIEWS.update(
    {
        "v.list": list_screen,
        "v.one": one_screen,
        "v.ret": returning.return_screen,
        "v.fix": correcting.correct_screen,
        "v.tot": totals.total_screen,
        "v.help": behalf.behalf_screen,
        "v.evid": showing_evidence.evidence_screen,
    }
)
Act = Callable[[Turn, Press], Reply | None]
_ACTS: dict[str, Act] = {
    "v.ok": accepting.accept,
    "v.all": accepting.accept_all,
    "v.note": returning.ask_note,
    "v.fixq": correcting.ask_value,
    "v.fixv": correcting.value_pressed,
    "v.tota": totals.settled,
    "v.totc": totals.settled,
    "v.open": behalf.opened,
    "v.evid": showing_evidence.evidence_shown,
}
_WORDS = frozenset({"duyet", "review"})
_MOST_ROUNDS = 6


def pressed(turn: Turn, press: Press) -> Reply | None:
    """A button of a review screen. None: it leads nowhere any more, or not for this person."""
    act = _ACTS.get(press.action)
    if act is not None:
        return act(turn, press)
    data = pack(press.action, *press.arguments)
    reply = show(turn, data)
    if reply is None and press.action in VIEWS:
        return _elsewhere(turn, press)
    return reply


def _elsewhere(turn: Turn, press: Press) -> Reply | None:
    """The screen isn't there any more: the report it was about, else nothing."""
    if press.action in {"v.ret", "v.fix", "v.tot"}:
        return show(turn, pack("v.one", press.number(0) or 0), "review.not_now")
    return None


def named(turn: Turn, text: str) -> Reply | None:
    """The review by its name: "duyệt"."""
    word, _, count = plain(text).partition(" ")
    if word not in _WORDS or (count and not count.isdecimal()):  # "Duyệt (3)" is the caption
        return None
    return command(turn)


def command(turn: Turn) -> Reply | None:
    """The list of the one round that is open, else which round; None for who isn't an officer."""
    if not turn.office_communes:
        return None
    found = [
        round_
        for commune_id in turn.office_communes
        for round_ in rounds.open_rounds(turn.tx, commune_id, turn.now)
    ]
    texts = turn.texts
    if len(found) == 1:
        return show(turn, pack("v.list", found[0].id))
    status = (Button(texts.say("button.status"), pack("s.home")),)
    if not found:
        return present(turn, Screen(texts.say("review.no_round"), (status,)))
    names = {one.id: places.commune(turn.tx, one.commune_id).name for one in found}
    rows = tuple(
        (Button(f"{names[one.id]} · {one.name}", pack("v.list", one.id)),)
        for one in found[:_MOST_ROUNDS]
    )
    return present(turn, Screen(texts.say("status.which_round"), (*rows, status)))


def typed(turn: Turn, awaiting: tuple[str, ...], act: Act) -> Reply | None:
    """What is typed on a review screen. None: it is about something else.

    `act` follows a button that leads out of the review.
    """
    answer = _TYPED.get(awaiting[0]) if awaiting else None
    if answer is None:
        return None
    await_reply(turn, ())
    return answer(turn, awaiting, act)


def _chosen(turn: Turn, awaiting: tuple[str, ...], act: Act) -> Reply | None:
    """A button of the screen by its caption or its number."""
    data, text = awaiting[1], turn.incoming.text
    press, screen = unpack(data), view(turn, data)
    if screen is None or press is None:
        return None
    if press.action == "v.ret":
        found = returning.chosen_by_numbers(turn, press, text)
        if found is not None:
            return found
    buttons = [button for row in screen.rows for button in row if button.data]
    wanted = plain(text)
    for button in buttons:
        if wanted and plain(button.label) == wanted:
            return _follow(turn, button, act)
    stripped = text.strip()
    if len(stripped) == 1 and stripped in "123456789" and int(stripped) <= len(buttons):
        return _follow(turn, buttons[int(stripped) - 1], act)
    return None


def _follow(turn: Turn, button: Button, act: Act) -> Reply | None:
    press = unpack(button.data or "")
    return act(turn, press) if press is not None else None


_TYPED: dict[str, Callable[[Turn, tuple[str, ...], Act], Reply | None]] = {
    MENU: _chosen,
    returning.AWAITS_NOTE: lambda turn, kept, _: returning.note_given(
        turn, int(kept[1]), int(kept[2])
    ),
    correcting.AWAITS_VALUE: lambda turn, kept, _: correcting.value_given(
        turn, int(kept[1]), kept[2]
    ),
    correcting.AWAITS_REASON: lambda turn, kept, _: correcting.reason_given(
        turn, int(kept[1]), kept[2], kept[3], kept[4]
    ),
}
