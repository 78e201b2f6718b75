"""What a move does at the present question: the edge cases of each rule."""

from dataclasses import replace

import pytest

from criteria.answers import Ratio, YesNo
from criteria.conversation import Feedback, Move, Place, Put, Question, advance
from criteria.reading.outcome import All

PHONES = Question("HT1", "ratio", expected=400, commune_total=400, last=Ratio(340, 400))
CADRES = Question("HT2", "ratio")
TEAM = Question("CQ3", "yes_no")
YES, NO = YesNo(yes=True), YesNo(yes=False)


def step(question, move, place=None, *, others=(CADRES, TEAM)):
    asked = Place("ask", question.code) if place is None else place
    return advance(asked, (question, *(one for one in others if one.code != question.code)), move)


def reasons(found):
    return [said.reason for said in found.feedback]


def confirmed(found):
    """What is confirmed and why; None when nothing is."""
    return (found.place.pending, found.place.doubts) if found.place.screen == "confirm" else None


@pytest.mark.parametrize(
    ("question", "move", "reason"),
    [
        (TEAM, Move("give", 350), "yes_no_expected"),
        (TEAM, Move("give", Ratio(1, 2)), "yes_no_expected"),
        (PHONES, Move("give", YES), "number_expected"),
        (PHONES, Move("give", None), "not_understood"),
        (PHONES, Move("unclear", reason="vague"), "vague"),
        (PHONES, Move("yes"), "not_understood"),
        (PHONES, Move("no"), "not_understood"),
        (PHONES, Move("keep"), "not_understood"),
        (CADRES, Move("give", All()), "total_wanted"),
        (TEAM, Move("none"), "none_is_for_counts"),
        (TEAM, Move("fix_total"), "number_not_wanted"),
        (TEAM, Move("evidence"), "no_evidence_wanted"),
    ],
)
def test_a_reply_that_answers_nothing_changes_nothing_and_says_so(question, move, reason):
    found = step(question, move)
    assert (found.changes, reasons(found)) == ((), [reason])
    assert (found.place.screen, found.place.code) == ("ask", question.code)


@pytest.mark.parametrize("given", [0, 1, 399, 400])
def test_any_number_up_to_the_total_is_taken(given):
    question = replace(PHONES, last=None)
    assert step(question, Move("give", given)).changes == (Put("HT1", Ratio(given, 400)),)


def test_a_count_above_the_total_names_both_numbers():
    found = step(PHONES, Move("give", 401))
    assert found.feedback == (Feedback("part_over_total", "HT1", count=401, total=400),)
    assert step(PHONES, Move("give", Ratio(401, 400))).feedback == found.feedback
    assert step(PHONES, Move("give", Ratio(400, 400))).changes == (Put("HT1", Ratio(400, 400)),)
    ours = step(CADRES, Move("give", 6), Place("total", "HT2", numerator=7))
    assert ours.feedback == (Feedback("part_over_total", "HT2", count=7, total=6),)
    equal = step(CADRES, Move("give", 7), Place("total", "HT2", numerator=7))
    assert equal.changes == (Put("HT2", Ratio(7, 7)),)


def test_not_applicable_is_confirmed_unless_it_was_chosen():
    for move in (Move("give", Ratio(0, 0)), Move("none")):
        assert confirmed(step(CADRES, move)) == (Ratio(0, 0), ("not_applicable",))
    chosen = step(CADRES, Move("give", Ratio(0, 0), sure=True))
    assert chosen.changes == (Put("HT2", Ratio(0, 0)),)
    nobody = replace(CADRES, expected=0)
    assert confirmed(step(nobody, Move("give", 0))) == (Ratio(0, 0), ("not_applicable",))
    assert step(nobody, Move("give", 1)).place.screen == "total"  # somebody there is, then
    assert step(CADRES, Move("give", 0)).place.screen == "total"


def test_a_doubtful_number_is_repeated_when_the_total_is_asked():
    sure = step(CADRES, Move("give", 5, how="books"))
    assert (sure.place.numerator, sure.place.how, sure.feedback) == (5, "books", ())
    unsure = step(CADRES, Move("give", 5, clear=False))
    assert unsure.feedback == (Feedback("read_as", "HT2", count=5),)


def test_the_counting_method_is_stored_with_the_number():
    total = step(CADRES, Move("give", 5, how="books")).place
    assert step(CADRES, Move("give", 6), total).changes == (Put("HT2", Ratio(5, 6), how="books"),)
    both = step(CADRES, Move("give", 6, how="houses"), total)
    assert both.changes == (Put("HT2", Ratio(5, 6), how="houses"),)
    asked = step(CADRES, Move("give", Ratio(5, 6), clear=False, how="estimate")).place
    assert asked.how == "estimate"
    for move in (Move("yes"), Move("give", Ratio(5, 6))):
        assert step(CADRES, move, asked).changes == (Put("HT2", Ratio(5, 6), how="estimate"),)
    another = step(CADRES, Move("give", Ratio(4, 6)), asked)
    assert another.changes == (Put("HT2", Ratio(4, 6)),)
    same = step(PHONES, Move("same", how="houses"))
    assert same.changes == (Put("HT1", Ratio(340, 400), how="houses"),)


def test_a_corrected_total_is_used_unless_it_is_zero():
    wrong = step(PHONES, Move("fix_total")).place
    assert wrong.screen == "fix_total"
    taken = step(PHONES, Move("give", 412), wrong)
    assert (taken.place.screen, taken.place.own_total) == ("ask", 412)
    assert taken.feedback == (Feedback("total_taken", "HT1", total=412),)
    nought = step(PHONES, Move("give", 0), wrong)
    assert (nought.place.own_total, reasons(nought)) == (None, ["zero_total"])
    both = step(PHONES, Move("fix_total", then=Move("give", Ratio(350, 410))))
    assert both.changes == (Put("HT1", Ratio(350, 410), commune_total=400),)
    assert both.feedback == (Feedback("noted_total", "HT1", Ratio(350, 410), total=400),)


def test_everybody_means_the_best_known_total():
    question = replace(PHONES, own_total=410, last=None)
    assert step(question, Move("give", All())).changes == (
        Put("HT1", Ratio(410, 410), commune_total=400),
    )
    own = replace(Place("ask", "HT1"), own_total=420)
    assert step(question, Move("give", All()), own).changes == (
        Put("HT1", Ratio(420, 420), commune_total=400),
    )


@pytest.mark.parametrize(
    ("question", "own", "total", "doubted"),
    [
        (PHONES, None, 480, False), (PHONES, None, 481, True),
        (replace(PHONES, own_total=600), None, 481, False),  # it was said before
        (PHONES, 600, 481, False), (CADRES, None, 481, False),
        (replace(PHONES, own_total=600), 400, 481, True),
    ],
)  # fmt: skip
def test_a_total_is_compared_with_the_best_known_one(question, own, total, doubted):
    place = replace(Place("ask", question.code), own_total=own)
    found = step(question, Move("give", Ratio(340, total)), place)
    assert confirmed(found) == ((Ratio(340, total), ("total",)) if doubted else None)


def test_a_confirmed_answer_is_not_doubted_again():
    asked = step(PHONES, Move("give", Ratio(100, 900))).place
    assert asked.doubts == ("total", "numerator")
    for move in (Move("yes"), Move("give", Ratio(100, 900))):
        assert step(PHONES, move, asked).changes == (
            Put("HT1", Ratio(100, 900), commune_total=400),
        )
    again = step(PHONES, Move("give", Ratio(101, 900)), asked)
    assert confirmed(again) == (Ratio(101, 900), ("total", "numerator"))


def test_an_unclear_yes_no_is_confirmed_by_saying_it_again():
    asked = step(TEAM, Move("give", YES, clear=False, reason="negated")).place
    assert (asked.pending, asked.doubts) == (YES, ("negated",))
    assert step(TEAM, Move("give", YES), asked).changes == (Put("CQ3", YES),)
    assert step(TEAM, Move("give", YES, clear=False), asked).changes == (Put("CQ3", YES),)
    assert confirmed(step(TEAM, Move("give", NO), asked)) == (NO, ("reading",))
    assert step(TEAM, Move("give", NO)).changes == (Put("CQ3", NO),)


def test_another_members_answer_stays_unless_overwriting_is_confirmed():
    other = replace(PHONES, answer=Ratio(350, 400), by_other=True)
    assert step(other, Move("give", 350)).changes == (Put("HT1", Ratio(350, 400)),)
    asked = step(other, Move("give", 351)).place
    assert asked.doubts == ("others_answer",)
    assert reasons(step(other, Move("no"), asked)) == ["kept"]
    own = replace(other, by_other=False)
    assert step(own, Move("give", 351)).changes == (Put("HT1", Ratio(351, 400)),)
    assert step(other, Move("unknown")).feedback == (Feedback("kept", "HT1", Ratio(350, 400)),)
    assert step(own, Move("unknown")).changes == (Put("HT1", None),)
    nothing = replace(other, answer=None)
    assert step(nothing, Move("unknown")).changes == (Put("HT1", None),)
    assert step(nothing, Move("give", 351)).changes == (Put("HT1", Ratio(351, 400)),)


def test_an_answer_given_during_a_confirmation_is_shown_before_overwriting():
    asked = step(PHONES, Move("give", 100)).place
    for answer, stored in ((Ratio(350, 400), False), (Ratio(100, 400), True), (None, True)):
        meanwhile = replace(PHONES, answer=answer, by_other=True)
        found = step(meanwhile, Move("yes"), asked)
        assert bool(found.changes) is stored
        if not stored:
            assert found.place.doubts == ("numerator", "others_answer")
            assert step(meanwhile, Move("yes"), found.place).changes != ()
    own = replace(PHONES, answer=Ratio(350, 400))
    assert step(own, Move("yes"), asked).changes != ()


def test_an_answer_that_replaces_the_one_shown_is_shown_before_overwriting():
    asked = step(replace(PHONES, answer=Ratio(350, 400), by_other=True), Move("give", 352)).place
    meanwhile = replace(PHONES, answer=Ratio(351, 400), by_other=True)
    found = step(meanwhile, Move("yes"), asked)
    assert (found.changes, found.place.doubts) == ((), ("others_answer",))
    assert step(meanwhile, Move("yes"), found.place).changes == (Put("HT1", Ratio(352, 400)),)


def test_declining_asks_again_or_keeps_what_stands():
    asked = step(PHONES, Move("give", 100)).place
    again = step(PHONES, Move("no"), asked)
    assert (again.place, reasons(again)) == (Place("ask", "HT1"), ["again"])
    answered = replace(PHONES, answer=Ratio(350, 400))
    assert reasons(step(answered, Move("no"), asked)) == ["again"]
    back = step(answered, Move("no"), replace(asked, back_to="CQ3"))
    assert (back.place.code, back.feedback) == ("CQ3", (Feedback("kept", "HT1", Ratio(350, 400)),))
    open_ = step(PHONES, Move("no"), replace(asked, back_to="CQ3"))
    assert reasons(open_) == ["again"]


def test_as_last_time_uses_todays_total_or_says_why_not():
    for expected, total in ((400, 400), (412, 412), (340, 340), (None, 400)):
        question = replace(PHONES, expected=expected, commune_total=None)
        assert step(question, Move("same")).changes == (Put("HT1", Ratio(340, total)),)
    over = step(replace(PHONES, expected=339), Move("same"))
    assert over.feedback == (Feedback("earlier_over_total", "HT1", Ratio(340, 400), total=339),)
    assert step(replace(TEAM, last=NO), Move("same")).changes == (Put("CQ3", NO),)
    unclear = step(PHONES, Move("same", clear=False, reason="old_button"))
    assert confirmed(unclear) == (Ratio(340, 400), ("old_button",))
    for answer, asked in ((Ratio(350, 400), True), (Ratio(340, 400), False), (None, False)):
        other = replace(PHONES, answer=answer, by_other=True)
        assert (confirmed(step(other, Move("same"))) is not None) is asked


def test_a_returned_answer_can_be_kept_or_skipped():
    returned = replace(PHONES, answer=Ratio(350, 400), returned=True)
    assert step(returned, Move("keep")).changes == (Put("HT1", Ratio(350, 400)),)
    put_off = step(returned, Move("skip"))
    assert (reasons(put_off), put_off.place.later) == (["later"], ("HT1",))
    answered = replace(returned, returned=False)
    assert reasons(step(answered, Move("skip"))) == ["kept"]


def test_skipping_the_last_open_question_leads_to_the_summary():
    done = (replace(CADRES, answer=Ratio(1, 2)), replace(TEAM, answer=YES))
    first = step(PHONES, Move("skip"), others=done)
    assert (first.place.screen, reasons(first)) == ("summary", ["left_open"])


def test_the_communes_total_is_stored_only_where_it_differs():
    for commune, kept in ((400, None), (401, 401), (None, None)):
        question = replace(PHONES, commune_total=commune, last=None)
        (put,) = step(question, Move("give", 350)).changes
        assert put.commune_total == kept


def test_the_side_screens_of_a_question():
    for does in ("explain", "more"):
        assert step(PHONES, Move(does)).place == Place(does, "HT1")
    wanted = replace(TEAM, wants_evidence=True)
    assert step(wanted, Move("evidence")).place == Place("evidence", "CQ3")
