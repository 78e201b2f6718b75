"""Texts typed while counting, and the sum of taps by several members in several visits."""

import pytest

from criteria.counting import House, Part, Tally, Typed, add_up, read_counting


@pytest.mark.parametrize(
    ("text", "house", "counted"),
    [
        ("có", None, (1, 0)),
        ("Chưa", None, (0, 1)),
        ("chưa có", None, (0, 1)),
        ("+1 có", None, (1, 0)),
        ("3 có 1 chưa", None, (3, 1)),
        ("3 có, 1 chưa có", None, (3, 1)),
        ("3 có và 1 chưa", None, (3, 1)),
        ("có 3 chưa 1", None, (3, 1)),
        ("có: 3; chưa: 1", None, (3, 1)),
        ("2 người có", None, (2, 0)),
        ("12", "12", None),
        ("012", "12", None),
        ("12A", "12A", None),
        ("số 12", "12", None),
        ("so 12a: 2 có", "12A", (2, 0)),
        ("12: 3 có", "12", (3, 0)),
        ("nhà 012", "12", None),
        ("nhà 7/03", "7/3", None),
        ("nhà 12", "12", None),
        ("Nhà số 12", "12", None),
        ("số nhà 12a", "12A", None),
        ("nha 7/3b", "7/3B", None),
        ("house 12", "12", None),
        ("nhà 12: 3 có 1 chưa", "12", (3, 1)),
        ("nhà 12 có", "12", (1, 0)),
        ("house 3, 2 yes", "3", (2, 0)),
    ],
)
def test_texts_that_are_read_while_counting(text, house, counted):
    expected = Typed(House(house) if house else None, Tally(*counted) if counted else None)
    assert read_counting(text) == expected


@pytest.mark.parametrize(
    "text",
    ["350/400", "nhà bà Lan", "nhà 12 bà Lan", "12 13", "0 có", "có 3 người già",
     "nhà", "nhà 12345", "không biết", "xong", "-3 có", "3 có nhưng 1 chưa", "9999 có", ""],
)  # fmt: skip
def test_texts_that_are_never_guessed(text):
    assert read_counting(text) is None


def test_a_house_counts_by_its_newest_visit_with_anybody_counted():
    parts = [
        Part(None, None, 1, Tally(5, 1)),
        Part("12", 1, 1, Tally(2, 1)),
        Part("12", 2, 2, Tally(3, 0)),
        Part("12", 3, 1, Tally(0, 0)),  # all taken back
        Part("14", 4, 2, Tally(1, 1)),
    ]
    found = add_up(parts)
    assert found.all == Tally(9, 2)
    assert found.by_person == {1: Tally(5, 1), 2: Tally(4, 1)}
    assert found.by_house == {"12": Tally(3, 0), "14": Tally(1, 1)}


def test_no_counts_add_up_to_zero():
    assert add_up([]).all == Tally(0, 0)


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("999 có", (999, 0)), ("1000 có", None), ("0 có 1 chưa", (0, 1)), ("0 có 0 chưa", None),
        ("1 chưa 2 có", (2, 1)), ("chưa 1, có 2", (2, 1)), ("có 3", (3, 0)), ("chưa 3", (0, 3)),
        ("3 có 1", None), ("3 có 2 có", (5, 0)), ("3 có; 1 chưa;", (3, 1)), ("3 có x", None),
        ("+ 2 có", (2, 0)), ("3 cóc", None), ("2 yes and 1 no", (2, 1)),
    ],
)  # fmt: skip
def test_a_count_must_stand_beside_yes_or_no(text, counted):
    expected = Typed(counted=Tally(*counted)) if counted else None
    assert read_counting(text) == expected


@pytest.mark.parametrize(
    ("text", "house"),
    [("nhà 1", "1"), ("nhà 9999", "9999"), ("nhà 12345", None), ("nhà 1/2/3", "1/2/3"),
     ("nhà 1/2/3/4", None), ("hộ số 5", "5"), ("nhà no. 5", "5"), ("nhà 5đ", "5Đ"), ("nhà 5ab", None)],
)  # fmt: skip
def test_a_house_is_read_by_its_number(text, house):
    assert read_counting(text) == (Typed(House(house)) if house else None)


def test_a_visit_by_two_members_counts_for_both():
    parts = [
        Part("1", 1, 1, Tally(1, 0)), Part("1", 1, 2, Tally(0, 1)), Part("1", 2, 2, Tally(1, 0)),
        Part("1", 2, 1, Tally(-1, 0)), Part("2", 3, None, Tally(0, 2)),
    ]  # fmt: skip
    found = add_up(parts)
    assert found.visits == {"1": 1, "2": 3}  # of the second visit nothing is left
    assert found.by_house == {"1": Tally(1, 1), "2": Tally(0, 2)}
    assert found.by_person == {1: Tally(1, 0), 2: Tally(0, 1), None: Tally(0, 2)}
    assert (found.all, found.all.total) == (Tally(1, 3), 4)
