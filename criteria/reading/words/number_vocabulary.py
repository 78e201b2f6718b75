"""The words that form numbers."""

DIGITS = {
    "không": 0, "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5,
    "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
# Digits only after a ten: hai mươi mốt, hai tư, ba lăm, ba nhăm.
AFTER_TEN = {"mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5, "dăm": 5}
TEN = frozenset({"mười"})
TENS = frozenset({"mươi", "chục"})
SHORT_TENS = {"hăm": 20, "băm": 30}  # hăm mốt: 21
HUNDRED = frozenset({"trăm"})
THOUSAND = frozenset({"nghìn", "ngàn"})
TEN_THOUSAND = frozenset({"vạn"})
MILLION = frozenset({"triệu"})
ODD = frozenset({"linh", "lẻ"})  # "and" before the last digits, as in một trăm linh năm (105)
HALF = frozenset({"rưỡi", "rưởi"})
SCALES = TENS | HUNDRED | THOUSAND | TEN_THOUSAND | MILLION
# Only these words often begin a typed number: English numbers are typed in digits.
NUMBER_WORDS = (
    frozenset(DIGITS) | frozenset(AFTER_TEN) | frozenset(SHORT_TENS) | TEN | SCALES | ODD | HALF
)
# Without marks these are often other words (nam, sau, tầm, từ, làm, vẫn, …).
WEAK_WHEN_PLAIN = frozenset(
    {
        "năm",
        "sáu",
        "tám",
        "tư",
        "lăm",
        "dăm",
        "vạn",
        "không",
        "lẻ",
        "linh",
        "bảy",
        "băm",
        "hăm",
        "một",
        "mốt",
    }
)
