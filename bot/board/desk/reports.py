"""The table of a round's reports: every area with its state and marks, filtered."""

from collections.abc import Mapping
from typing import Any

from bot.board.desk.screen_pages import screen_fields
from bot.board.pages import Filled, Goto, Looking, page_of
from bot.board.results.heading import heading
from handlers.flow.page import to
from handlers.flow.press import Press
from handlers.report.view import ReportView, load_views
from handlers.review.cases import MARKS, RoundUnderReview, checksum, marks_of_report, signs
from handlers.review.on_behalf import enter_report, which_area
from handlers.review.screens import (
    accept,
    accept_all,
    one_report,
    rounds_to_review,
    waiting_list,
    which_round,
)
from handlers.status.overview import whole_commune
from handlers.texts import Texts
from storage.reports import reports
from storage.rounds import rounds
from storage.rounds.rounds import Round

# Which states of a report each filter shows; the first is shown at first.
SHOWN: Mapping[str, frozenset[str]] = {
    "waiting": frozenset({"sent"}),
    "returned": frozenset({"returned"}),
    "missing": frozenset({"none", "draft"}),
    "all": frozenset({"none", "draft", "sent", "returned", "accepted"}),
}
_UNMARKED = "none"


@page_of(which_round, "desk_step.html")
def one_of_rounds(looking: Looking) -> Filled:
    """The one round that can be reviewed, else which of them."""
    found = rounds_to_review(looking.context)
    if len(found) == 1:
        return Goto(waiting_list.at(found[0]))
    screen = which_round(looking.context)
    return screen_fields(looking, screen) if screen is not None else None


@page_of(waiting_list, "desk_reports.html", tab="review.button", place=15, live=True)
def table(looking: Looking, round: RoundUnderReview) -> Filled:
    """The areas whose reports are in the chosen state, those that wait before the others."""
    loaded = whole_commune.load(looking.context, whole_commune.at(round))
    if loaded is None:
        return None
    texts, rows = looking.texts, _rows(looking, round)
    show = looking.given.get("show", "")
    show = show if show in SHOWN else next(iter(SHOWN))
    mark = looking.given.get("mark", "")
    in_state = [one for one in rows if one["state"] in SHOWN[show]]
    there = [one for one in in_state if _fits(one, mark)]
    here = looking.link(waiting_list, round)
    unmarked = sum(one["state"] == "sent" and not one["marks"] for one in rows)
    return {
        **heading(looking, loaded["status"]),
        "about": loaded["status"],
        "here": here,
        "show": show,
        "query": f"?show={show}" + (f"&mark={mark}" if mark in {*MARKS, _UNMARKED} else ""),
        "filters": [_filter(here, one, rows, show, texts) for one in SHOWN],
        "marks": _mark_filters(here, show, mark, in_state, texts),
        "rows": there,
        "accept_all": looking.link(accept_all, round) if unmarked else "",
        "unmarked": unmarked,
        "telephone": looking.link(which_area, round),
        "office": _office(looking, round),
    }


def _office(looking: Looking, round: Round) -> dict[str, str] | None:
    """The office's own report: how far it is, and the way into it; None without one."""
    units = rounds.units_of_round(looking.context.tx, round.id)
    office = next((one for one in units if one.office), None)
    if office is None:
        return None
    report = reports.report_of(looking.context.tx, round.id, office.id)
    state = report.state if report is not None else "none"
    return {
        "said": looking.texts.say(f"status.state.{state}"),
        "open": looking.to(to("pick", round.id, office.id)),
    }


def _fits(row: Mapping[str, Any], mark: str) -> bool:
    if mark == _UNMARKED:
        return not row["marks"]
    return mark not in MARKS or mark in row["marks"]


def _filter(
    here: str, name: str, rows: list[dict[str, Any]], show: str, texts: Texts
) -> tuple[str, str, int, bool]:
    count = sum(one["state"] in SHOWN[name] for one in rows)
    return texts.say(f"desk.show.{name}"), f"{here}?show={name}", count, name == show


def _mark_filters(
    here: str, show: str, mark: str, rows: list[dict[str, Any]], texts: Texts
) -> list[tuple[str, str, int, bool]]:
    """A filter for each mark that is there, and for what has none."""
    found = [
        (
            f"{MARKS[one]} {texts.say(f'review.mark.{one}')}",
            one,
            sum(one in r["marks"] for r in rows),
        )
        for one in MARKS
    ]
    found.append((texts.say("desk.unmarked"), _UNMARKED, sum(not r["marks"] for r in rows)))
    return [
        (
            caption,
            f"{here}?show={show}" + ("" if one == mark else f"&mark={one}"),
            count,
            one == mark,
        )
        for caption, one, count in found
        if count and any(r["marks"] for r in rows)
    ]


def _rows(looking: Looking, round: Round) -> list[dict[str, Any]]:
    tx = looking.context.tx
    units = [one for one in rounds.units_of_round(tx, round.id) if not one.office]
    begun = reports.reports_of_round(tx, round.id)
    sent = [begun[one.id] for one in units if one.id in begun and begun[one.id].sends]
    views = load_views(tx, round, sent, looking.context.person.id, looking.context.now)
    seen = {one.unit.id: one for one in views}
    rows = []
    for unit in units:
        report, view = begun.get(unit.id), seen.get(unit.id)
        state = report.state if report is not None else "none"
        row: dict[str, Any] = {
            "id": unit.id,
            "name": looking.texts.unit(unit),
            "state": state,
            "said": looking.texts.say(f"status.state.{state}"),
            "marks": (),
            "signs": [],
            "when": "",
            "late": False,
            "link": "",
            "accept": "",
            "enter": ""
            if report is not None and report.is_in
            else looking.link(enter_report, round, unit.id),
        }
        rows.append({**row, **_of_report(looking, view)} if view is not None else row)
    order = {"sent": 0, "returned": 1, "draft": 2, "none": 3, "accepted": 4}
    return sorted(
        rows,
        key=lambda one: (
            (order[one["state"]], one["at"]) if "at" in one else (order[one["state"]], "")
        ),
    )


def _of_report(looking: Looking, view: ReportView) -> dict[str, Any]:
    texts, marks = looking.texts, marks_of_report(view)
    sent_at = view.report.sent_at or looking.context.now
    waits = view.report.state == "sent" and view.writable
    return {
        "marks": marks,
        "signs": [(signs((one,)), texts.say(f"review.mark.{one}")) for one in marks],
        "when": texts.time(sent_at, looking.context.deployment.zone),
        "at": sent_at.isoformat(),
        "late": view.report.late,
        "link": looking.link(one_report, view),
        "accept": looking.link(accept, view, checksum(view)) if waits else "",
    }


def to_table(looking: Looking, press: Press) -> str:
    """The table's address with the filters that stood in the address of the form."""
    chosen = [
        f"{k}={looking.given[k]}" for k in ("show", "mark") if looking.given.get(k, "").isalpha()
    ]
    return looking.to(press) + (f"?{'&'.join(chosen)}" if chosen else "")
