"""Short codes: how they are typed, what is stored of them, and the key outside the database."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from storage.engine.database import Database
from storage.people import invitations, short_codes
from storage.people.short_codes import ShortCodes, grouped, new_code, read_code
from storage.secret_key import FILE, DamagedKey, derived_key, existing_key
from tests.storage.sample import DAY, NOW, sample

CODES = ShortCodes(b"a key")


def test_a_code_has_ten_unmistakable_letters_and_digits() -> None:
    assert len(set(short_codes.ALPHABET)) == 32
    assert not set(short_codes.ALPHABET) & set("OILU")
    for code in {new_code() for _ in range(500)}:
        assert len(code) == 10
        assert read_code(code) == read_code(grouped(code)) == code


def test_a_vietnamese_keyboard_changes_no_code() -> None:
    """Telex and VNI put a mark on a vowel before one of their keys, and make Đ of DD and D9."""
    for code in (new_code() for _ in range(500)):
        for place, letter in enumerate(code):
            rest = set(code[place + 1 :])
            assert letter not in "AEY" or not rest & set("AEYSFRXJWZ123456789")
            assert letter != "D" or not rest & set("D9")


@pytest.mark.parametrize(
    "typed",
    [
        "7KQ4-M2X-0HB", "7kq4m2x0hb", " 7KQ4 M2X 0HB ", "7k q4m 2x0 hb", "7KQ4–M2X—0HB",
        "7KQ4-M2X-OHB", "7kq4 m2x ohb",
    ],
)  # fmt: skip
def test_a_code_is_read_as_people_type_it(typed) -> None:
    assert read_code(typed) == "7KQ4M2X0HB"


def test_characters_that_look_alike_are_read_as_the_right_ones() -> None:
    assert read_code("IL10OVƯW2X") == "11100VWW2X"


@pytest.mark.parametrize(
    "typed",
    ["0912345678", "0912 345 678", "350/400", "chưa có số", "KHONGCOGIA", "ABCDEFGHJK", "7KQ4M2X0H",
     "7KQ4M2X0HBB", "7KQ4" + " " * 40 + "M2X0HB", "", "1: 350/400, 2 có"],
)  # fmt: skip
def test_numbers_answers_and_words_are_not_codes(typed) -> None:
    assert read_code(typed) is None


async def test_a_code_finds_its_invitation_only_with_its_key(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        made = [
            invitations.create_invitation(
                tx, "reporter", now=NOW, expires_at=NOW + DAY, unit_id=s.areas[0].id
            )[0]
            for _ in range(2)
        ]
        codes = CODES.give(tx, [one.id for one in made])
        assert [CODES.find(tx, code) for code in codes] == made
        assert CODES.find(tx, "7KQ4M2X0HB") is None
        assert invitations.find_invitation(tx, codes[0]) is None
        assert ShortCodes(b"another key").find(tx, codes[0]) is None
        kept = tx.scalars(sa.text("SELECT short_code_hash FROM invitations")).all()
        assert not any(code in one for code in codes for one in kept)

    await database.write(work)


async def test_codes_of_another_key_are_counted_while_their_invitations_are_open(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        sample(tx)
        made = [
            invitations.create_invitation(tx, "operator", now=NOW, expires_at=NOW + DAY)[0].id
            for _ in range(4)
        ]
        CODES.give(tx, made[:3])
        invitations.revoke_invitation(tx, made[0], NOW)
        assert CODES.count_with_other_key(tx, NOW) == 0
        other = ShortCodes(b"another key")
        assert other.count_with_other_key(tx, NOW) == 2
        assert other.count_with_other_key(tx, NOW + DAY) == 0

    await database.write(work)


def test_the_key_is_made_once_and_is_private(tmp_path) -> None:
    folder = tmp_path / "data"
    assert existing_key(folder, "a") is None
    assert not folder.exists()
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: derived_key(folder, "a"), range(16)))
    assert keys == {existing_key(folder, "a")}
    assert derived_key(folder, "b") not in keys
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600
    assert [one.name for one in folder.iterdir()] == [FILE]


def test_a_damaged_key_is_not_replaced(tmp_path) -> None:
    (tmp_path / FILE).write_text("half of a k")
    with pytest.raises(DamagedKey, match=r"secret\.key"):
        derived_key(tmp_path, "a")
    assert (tmp_path / FILE).read_text() == "half of a k"
