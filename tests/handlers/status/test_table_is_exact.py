"""For any data the table of communes agrees with the status of each commune."""

from contextlib import contextmanager
from datetime import timedelta

import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from criteria.answers import Ratio, YesNo
from handlers.status.communes import all_communes
from handlers.status.loading import load_status, rounds_shown
from handlers.texts import without_tags
from storage.places import places
from storage.reports import reports
from storage.results import confirmations
from storage.rounds import rounds
from storage.tables import metadata
from tests.handlers.status.conftest import NOW, everywhere, open_round

COUNTS = st.one_of(
    st.none(),
    st.just(Ratio(0, 0)),
    st.integers(0, 400).map(lambda n: Ratio(n, 400)),
    st.sampled_from([Ratio(339, 400), Ratio(340, 400), Ratio(400, 400)]),
)
WORDS = st.one_of(st.none(), st.booleans().map(YesNo))
AREA = st.fixed_dictionaries(
    {},
    optional={"HT1": COUNTS, "HT2": COUNTS, "KT1": COUNTS, "KT2": COUNTS}
    | {"CQ3": WORDS, "CQ4": WORDS, "KT3": WORDS, "XH1": WORDS},
)
OFFICE = st.fixed_dictionaries(
    {}, optional={"HT2": COUNTS, "CQ1": COUNTS, "CQ2": WORDS, "CQ5": WORDS, "XH2": WORDS}
)
ENDS = st.sampled_from(["draft", "sent", "accepted", "returned"])


def report(answers):
    return st.one_of(st.none(), st.tuples(answers, ENDS, st.sets(st.sampled_from(["HT1", "CQ3"]))))


ROUND = st.tuples(
    st.lists(report(AREA), min_size=2, max_size=2),
    report(OFFICE),
    st.dictionaries(st.sampled_from(["CQ3", "KT3"]), st.booleans(), max_size=1),
    st.booleans(),
)
# Rounds of one commune from the oldest to the newest, with or without figures, open or over.
COMMUNE = st.tuples(st.lists(ROUND, max_size=2), st.booleans())


@contextmanager
def fresh():
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def tell(tx, round_, unit, given):
    if given is None:
        return
    answers, end, named = given
    draft = reports.start_report(tx, round_.id, unit, NOW)
    for code, value in answers.items():
        reports.put_answer(tx, draft, code, value, by=None, way="text", now=NOW)

    def now():
        return reports.report_by_id(tx, draft.id)

    if end != "draft":
        reports.send_report(tx, now(), by=None, now=NOW, deadline=round_.deadline)
    if end == "accepted":
        reports.accept_report(tx, now(), by=None, now=NOW)
    if end == "returned":
        reports.return_report(tx, now(), sorted(named), "x", by=None, now=NOW)


def settle(tx, number, given):
    told, figured = given
    commune = places.add_commune(tx, f"c{number}", f"Xã {number}")
    areas = [places.add_unit(tx, commune.id, f"k{n}", f"Khu {n}", number=n).id for n in (1, 2)]
    if figured:
        for area in areas:
            places.set_figure(tx, area, "adults", 400, NOW, way="import")
    for age, (of_areas, of_office, words, closed) in zip((40, 10), told, strict=False):
        made = open_round(tx, commune.id, f"Kỳ {age}", NOW - timedelta(days=age))
        for area, one in zip(areas, of_areas, strict=True):
            tell(tx, made, area, one)
        tell(tx, made, places.office_of(tx, commune.id).id, of_office)
        for code, yes in words.items():
            confirmations.confirm(tx, made, code, answer=yes, reason="đã xem", by=None, now=NOW)
        if closed or age > 20:
            rounds.close_round(tx, made.id, NOW - timedelta(hours=1))
    return commune


@settings(max_examples=60, deadline=None)
@given(given=st.lists(COMMUNE, min_size=1, max_size=3))
def test_the_table_agrees_with_the_status_of_each_commune(given):
    with fresh() as tx:
        communes = [settle(tx, number, one) for number, one in enumerate(given)]
        lines = without_tags(all_communes(everywhere(tx)).text).splitlines()
        for commune in communes:
            line = next(one for one in lines if f"{commune.name}:" in one)
            shown = rounds_shown(tx, commune.id, NOW)
            if not shown:
                assert "chưa có kỳ" in line
                continue
            status = load_status(tx, shown[0], NOW)
            office = status.is_in(status.facts.office)
            assert f"đạt {status.result.met}/{status.result.total} · " in line
            assert f"{status.areas_in + office}/{len(status.areas) + 1} báo cáo" in line
