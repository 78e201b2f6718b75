"""The code on a receipt: the initials of the commune and four unmistakable letters."""

import re

import pytest
from sqlalchemy import Connection

from storage.engine.database import Database
from storage.places import places
from storage.reports import receipt_codes, reports
from storage.reports.receipt_codes import initials
from tests.storage.sample import NOW, sample


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Xã Đồi Chè", "DC"), ("Phường Âu Cơ", "AC"), ("Thị trấn Ẩm Thượng", "AT"),
        ("đặc khu Phú Quốc", "PQ"), ("Xã Một Hai Ba Bốn Năm", "MHBB"), ("Xã 12", "BC"),
        ("", "BC"), ("Xã", "BC"), ("Xã yên lập", "YL"), ("Xã Zơ Nông", "ZN"),
    ],
)  # fmt: skip
def test_initials_leave_out_the_kind_of_commune_and_the_marks(name, letters) -> None:
    assert initials(name) == letters


async def test_a_receipt_code_is_never_given_twice(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter("ABCDABCDEFGH")
    monkeypatch.setattr("secrets.choice", lambda _: next(drawn))

    def work(tx: Connection) -> None:
        s = sample(tx)
        codes = []
        for unit in s.areas[:2]:
            report = reports.start_report(tx, s.round.id, unit.id, NOW)
            sent = reports.send_report(tx, report, by=None, now=NOW, deadline=NOW)
            codes.append(sent.code)
        assert codes == ["DC-ABCD", "DC-EFGH"]

    await database.write(work)


async def test_receipt_codes_have_no_letters_that_sound_alike(database: Database) -> None:
    def work(tx: Connection) -> None:
        commune = places.add_commune(tx, "x", "Xã X")
        unit = places.add_unit(tx, commune.id, "k", "Khu").id
        drawn = "".join(receipt_codes.new_code(tx, unit)[2:] for _ in range(200))
        assert re.fullmatch(r"[2-9A-HJKMNP-TV-Z]+", drawn)

    await database.write(work)
