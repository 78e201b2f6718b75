"""The table of a round's reports: the areas with their states and marks, with filters."""

from collections.abc import Mapping
from typing import Any

from bot.board.desk.screen_pages import screen_fields
from bot.board.pages import PageContent, PageRequest, Redirect, page_of
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

# The report states that each filter shows; the first filter is the default.
SHOWN: Mapping[str, frozenset[str]] = {
    "waiting": frozenset({"sent"}),
    "returned": frozenset({"returned"}),
    "missing": frozenset({"none", "draft"}),
    "all": frozenset({"none", "draft", "sent", "returned", "accepted"}),
}
_UNMARKED = "none"


@page_of(which_round, "desk_step.html")
def one_of_rounds(request: PageRequest) -> PageContent:
    """Redirect to the only round that can be reviewed; ask which if there are several."""
    found = rounds_to_review(request.context)
    if len(found) == 1:
        return Redirect(waiting_list.at(found[0]))
    screen = which_round(request.context)
    return screen_fields(request, screen) if screen is not None else None


@page_of(waiting_list, "desk_reports.html", tab="review.button", place=15, live=True)
def table(request: PageRequest, round: RoundUnderReview) -> PageContent:
    """Show the areas whose reports are in the chosen state, those that wait for review first."""
    loaded = whole_commune.load(request.context, whole_commune.at(round))
    if loaded is None:
        return None
    texts, rows = request.texts, _rows(request, round)
    show = request.query.get("show", "")
    show = show if show in SHOWN else next(iter(SHOWN))
    mark = request.query.get("mark", "")
    in_state = [one for one in rows if one["state"] in SHOWN[show]]
    there = [one for one in in_state if _fits(one, mark)]
    here = request.link(waiting_list, round)
    unmarked = sum(one["state"] == "sent" and not one["marks"] for one in rows)
    return {
        **heading(request, loaded["status"]),
        "about": loaded["status"],
        "here": here,
        "show": show,
        "query": f"?show={show}" + (f"&mark={mark}" if mark in {*MARKS, _UNMARKED} else ""),
        "filters": [_filter(here, one, rows, show, texts) for one in SHOWN],
        "marks": _mark_filters(here, show, mark, in_state, texts),
        "rows": there,
        "accept_all": request.link(accept_all, round) if unmarked else "",
        "unmarked": unmarked,
        "telephone": request.link(which_area, round),
        "office": _office(request, round),
    }


def _office(request: PageRequest, round: Round) -> dict[str, str] | None:
    """Return the state of the office's own report and its path; None if it has none."""
    units = rounds.units_of_round(request.context.tx, round.id)
    office = next((one for one in units if one.office), None)
    if office is None:
        return None
    report = reports.report_of(request.context.tx, round.id, office.id)
    state = report.state if report is not None else "none"
    return {
        "state": request.texts.say(f"status.state.{state}"),
        "open": request.link_to(to("pick", round.id, office.id)),
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
    """Return a filter for each mark of the shown reports, and one for reports without marks."""
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


def _rows(request: PageRequest, round: Round) -> list[dict[str, Any]]:
    tx = request.context.tx
    units = [one for one in rounds.units_of_round(tx, round.id) if not one.office]
    begun = reports.reports_of_round(tx, round.id)
    sent = [begun[one.id] for one in units if one.id in begun and begun[one.id].sends]
    views = load_views(tx, round, sent, request.context.person.id, request.context.now)
    seen = {one.unit.id: one for one in views}
    rows = []
    for unit in units:
        report, view = begun.get(unit.id), seen.get(unit.id)
        state = report.state if report is not None else "none"
        row: dict[str, Any] = {
            "id": unit.id,
            "name": request.texts.unit(unit),
            "state": state,
            "state_text": request.texts.say(f"status.state.{state}"),
            "marks": (),
            "signs": [],
            "when": "",
            "late": False,
            "link": "",
            "accept": "",
            "enter": ""
            if report is not None and report.is_in
            else request.link(enter_report, round, unit.id),
        }
        rows.append({**row, **_of_report(request, view)} if view is not None else row)
    order = {"sent": 0, "returned": 1, "draft": 2, "none": 3, "accepted": 4}
    return sorted(
        rows,
        key=lambda one: (
            (order[one["state"]], one["at"]) if "at" in one else (order[one["state"]], "")
        ),
    )


def _of_report(request: PageRequest, view: ReportView) -> dict[str, Any]:
    texts, marks = request.texts, marks_of_report(view)
    sent_at = view.report.sent_at or request.context.now
    waits = view.report.state == "sent" and view.writable
    return {
        "marks": marks,
        "signs": [(signs((one,)), texts.say(f"review.mark.{one}")) for one in marks],
        "when": texts.time(sent_at, request.context.deployment.zone),
        "at": sent_at.isoformat(),
        "late": view.report.late,
        "link": request.link(one_report, view),
        "accept": request.link(accept, view, checksum(view)) if waits else "",
    }


def to_table(request: PageRequest, press: Press) -> str:
    """Return the table's path with the filters in the address of the form."""
    chosen = [
        f"{k}={request.query[k]}" for k in ("show", "mark") if request.query.get(k, "").isalpha()
    ]
    return request.link_to(press) + (f"?{'&'.join(chosen)}" if chosen else "")
