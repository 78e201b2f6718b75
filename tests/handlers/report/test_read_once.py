"""A report is read once for an update: what is shown then is what a fresh reading shows."""

from datetime import timedelta

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from criteria.answers import Ratio, YesNo
from handlers.flow.context import context_of
from handlers.flow.press import unpack
from handlers.report.report_access import open_view
from handlers.report.screens.screen import report_screen
from storage.people import people
from storage.places import places
from storage.reports import reports
from storage.rounds import rounds
from tests.handlers.two_communes import HOUSE, NOW, both, buttons, coming

TEXTS = (
    "350/400", "12", "có", "chưa có", "có rồi ạ", "chưa biết", "bỏ qua", "quay lại", "hoàn tác",
    "như kỳ trước", "sửa câu 2", "sửa câu 1: 10/20", "tổng 390", "xong", "gửi", "đúng", "sai",
    "1: 350/400, 2: 5/5, 3 có", "đếm từng nhà", "/baocao", "1", "2",
)  # fmt: skip
CODES = ("HT1", "HT2", "CQ3", "CQ4", "KT1")


@pytest.fixture(scope="module")
def communes():
    made = both()
    yield made
    made.tx.close()


class Report:
    """R's report, which others change beside the bot."""

    def __init__(self, communes):
        self.tx, self.communes = communes.tx, communes
        self.seen = []
        membership = communes.people["R"][1]
        self.unit = membership.unit_id
        self.round = rounds.open_rounds(self.tx, membership.commune_id, NOW)[0]
        self.do("text", "/baocao")

    def do(self, kind, what):
        """One update, and what is shown compared with a fresh reading."""
        reply = self.communes.do("R", kind, what)
        self.seen = buttons(reply) or self.seen
        found = people.find_with_roles(self.tx, "telegram", "R")
        context = context_of(self.tx, coming("R", kind, what), *found, NOW, HOUSE)
        view = open_view(context)
        for one in reply.shown:
            if one.purpose != "question":
                continue
            event("compared")
            assert view is not None
            fresh = report_screen(self.tx, view, context.texts, HOUSE.zone, NOW)
            assert one.revision == view.revision
            assert one.screen.text.endswith(fresh.text)
            assert without_undo(one.screen) == without_undo(fresh)

    def beside(self, doing, code):
        """What another worker or a command commits in between."""
        tx, report = self.tx, reports.report_of(self.tx, self.round.id, self.unit)
        value = YesNo(yes=True) if code.startswith("CQ") else Ratio(2, 9)
        match doing:
            case "answer":
                reports.put_answer(tx, report, code, value, by=None, way="office", now=NOW)
            case "clear":
                reports.clear_answer(tx, report, code, by=None, way="command", now=NOW)
            case "figure":
                places.set_figure(tx, self.unit, "adults", 77, NOW, way="import")
            case "return":
                reports.return_report(tx, report, [code], "xem lại", by=None, now=NOW)
            case "accept":
                reports.accept_report(tx, report, by=None, now=NOW)
            case "deadline":
                rounds.edit(tx, self.round.id, NOW, deadline=NOW + timedelta(days=2))
            case "close":
                rounds.close_round(tx, self.round.id, NOW)
            case "reopen":
                rounds.reopen_round(
                    tx, self.round.id, "thiếu", NOW + timedelta(days=1), NOW, unit_id=self.unit
                )


def without_undo(screen):
    return [
        (one.label, one.data)
        for row in screen.rows
        for one in row
        if not one.data or unpack(one.data).action != "undo"
    ]


STEPS = st.one_of(
    st.tuples(st.just("text"), st.sampled_from(TEXTS)),
    st.tuples(st.just("press"), st.integers(0, 9)),
    st.tuples(
        st.sampled_from(
            ("answer", "clear", "figure", "return", "accept", "deadline", "close", "reopen")
        ),
        st.sampled_from(CODES),
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, min_size=3, max_size=12))
def test_what_is_shown_is_what_a_fresh_reading_shows(communes, steps):
    with communes.trying():
        report = Report(communes)
        for kind, what in steps:
            if kind == "text":
                report.do("text", what)
            elif kind == "press":
                report.do("press", report.seen[what % len(report.seen)])
            else:
                report.beside(kind, what)
