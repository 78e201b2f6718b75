"""Whatever people of two areas and an officer write, press, reply and edit, in whatever order it
arrives: an answer changes only to what somebody said who had that question before them.

What may be stored is told by a plain model of each telephone's chat, which knows nothing of how
the program decides. What is compared is every change in the history, and each answer that was
given to an open question is stored, or asked about, or refused in words.
"""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.handlers.talk import WRITERS, Stage

TEXTS = ("340", "250", "4", "3", "2", "1", "có", "chưa", "không", "đúng", "không đúng", "sai",
         "chưa biết", "nhầm", "bỏ qua", "quay lại", "gửi", "sửa câu 1", "sửa câu 3", "sửa câu 5",
         "sửa câu 7", "sửa câu 1: 345", "sửa câu 3: chưa", "sắp có", "khoảng 300")  # fmt: skip
REPORTS = ("1: 345/400, 3 có", "câu 3 chưa, câu 7 có, câu 5: 250/300", "1: 345, 2: 4, 3 có, 8 chưa",
           "1: 90/400, 4 có", "còn lại như kỳ trước, trừ câu 3 chưa", "1: hỏng, 2: 5, 5: 120/300",
           "1: 340/400, 2: 5, 3 có, 4 có, 5: 240, 6: 7, 7 có, 8 có, gửi luôn")  # fmt: skip
WHO = st.sampled_from(("first", "first", "first", "Hùng", "Lan", "Tám"))
TEXT = st.one_of(st.integers(0, 1), st.integers(0, 1), st.sampled_from(TEXTS))
PLACE = st.sampled_from((0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 10, 13))
TALK = st.one_of(
    st.tuples(st.just("write"), WHO, TEXT),
    st.tuples(st.just("write"), WHO, TEXT),
    st.tuples(st.just("press"), WHO, PLACE),
    st.tuples(st.just("reply"), WHO, PLACE, TEXT),
    st.tuples(st.just("edit"), WHO, PLACE, st.one_of(st.none(), TEXT)),
    st.tuples(st.just("wait"), st.sampled_from((1, 1, 2, 60))),
)
MEND = st.tuples(
    st.just("mend"),
    WHO,
    st.sampled_from(("edit", "reply")),
    st.integers(1, 4),
    st.one_of(st.integers(0, 1), st.sampled_from(("không", "chưa", "đúng", "2"))),
)
TABLE = st.tuples(
    st.just("table"), WHO, st.sampled_from(REPORTS), TALK, st.sampled_from(("", "đúng", "có", "1"))
)
ACTIONS = st.one_of(
    TABLE,
    TABLE,
    st.tuples(st.just("write"), WHO, st.sampled_from(REPORTS)),
    st.tuples(st.just("late"), WHO, st.sampled_from(REPORTS), TALK),
    st.tuples(st.just("agree"), WHO),
    TALK,
    TALK,
    TALK,
    st.tuples(st.just("late"), WHO, TEXT, TALK),
    MEND,
    MEND,
    st.tuples(st.just("hold"), WHO),
    st.tuples(st.just("release"), WHO),
    st.tuples(st.sampled_from(("double", "repeat")), st.integers(1, 3)),
    st.tuples(st.just("burst"), st.lists(TALK, min_size=2, max_size=4)),
    st.tuples(st.just("outage"), st.lists(TALK, min_size=2, max_size=5)),
    st.tuples(
        st.just("correct"),
        st.sampled_from((1, 2, 3, 5)),
        st.sampled_from(("345", "250")),
        st.sampled_from(("Hùng", "Lan")),
        st.sampled_from(("sửa câu 7", "sửa câu 5")),
        st.sampled_from((0, 1, "đúng", "đúng", "không", "có")),
    ),
    st.tuples(st.just("give_back"), st.sampled_from((1, 3, 5))),
)


@pytest.mark.timeout(300)
@settings(max_examples=60, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
@example(False, "Tám", 4, [("mend", "first", "edit", 3, 0)])
@example(False, "Hùng", 2, [("mend", "first", "reply", 1, "không")])
@example(False, "Hùng", 2, [("write", "Lan", "sửa câu 2: 4"), ("write", "Lan", "đúng"),
                            ("write", "Hùng", "nhầm")])  # fmt: skip
@example(False, "Hùng", 2, [("outage", [("write", "Hùng", "có"), ("write", "Hùng", "có")])])
@example(False, "Hùng", 4, [("press", "Hùng", 7)])
@example(False, "Hùng", 0, [("burst", [("write", "first", 0), ("press", "first", 0)]),
                            ("write", "first", "1: 345/400, 3 có"), ("write", "first", "5")])  # fmt: skip
@example(False, "Hùng", 0, [("table", "first", "1: 345/400, 3 có", ("write", "first", "340"), ""),
                            ("late", "first", "5", ("write", "first", "5"))])  # fmt: skip
@example(True, "Hùng", 0, [("correct", 1, "345", "Hùng", "sửa câu 7", "đúng")])
@given(
    st.booleans(),
    st.sampled_from(("Hùng", "Tám")),
    st.sampled_from((0, 2, 4, 4, 5)),
    st.lists(ACTIONS, min_size=3, max_size=9),
)
async def test_an_answer_changes_only_by_a_reply_to_its_question(
    village, sent, first, answered, actions
):
    stage = Stage(village)
    await stage.begin(sent, first, answered)
    for one in actions:
        await stage.do(one)
    for who in WRITERS:
        await stage.do(("release", who))
