"""The speed of reading: everyday replies, and the slowest texts of 4,096 characters."""

# ruff: noqa: T201 - it prints its tables
import csv
import time
from collections.abc import Callable
from pathlib import Path

from criteria.reading import read, read_confirmation, read_counting_method
from criteria.reading.words.words import meanings
from tests.bench.measuring import ratios, spread

ROUNDS = 9
LONGEST = 4_096  # characters of a message in Telegram
REPLY = 560  # characters; a reply of more than 600 is refused unread
SHORT = {"ROUNDS": 1}
REPLIES = Path(__file__).parents[1] / "criteria" / "reading"
PIECES = {
    "có": "có ", "ba": "ba ", "không nhà nào": "không nhà nào ", "1/": "1/", "khu 5": "khu 5 ",
    "nhà bác Ba": "nhà bác Ba ", "co du an": "co du an ", "sửa câu": "sửa câu ", "unknown words": "xyz",
    "spaces": " ", "commas": ", ", "one number": "9", "marks": "́", "one sign that is 18 letters": "ﷺ",
}  # fmt: skip


def everyday() -> None:
    """Replies a second, by the kind of question."""
    with (REPLIES / "everyday_replies.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["text"], row["kind"]) for row in csv.DictReader(file)]
    print(f"everyday replies read a second, {ROUNDS} rounds; words seen before, and none of them")
    print(f"{'':>10}{'replies':>9}{'words seen':>32}{'words new':>30}")
    for kind in ("yes_no", "count", "ratio"):
        texts = [text for text, asked in rows if asked == kind]
        seen = [_a_second(texts, kind) for _ in range(ROUNDS + 1)][1:]
        new = []
        for _ in range(ROUNDS):
            meanings.cache_clear()
            new.append(_a_second(texts, kind))
        print(f"{kind:>10}{len(texts):>9}{spread(seen)!s:>32}{spread(new)!s:>30}")


def _a_second(texts: list[str], kind: str) -> float:
    took = milliseconds(lambda: [read(text, kind) for text in texts])  # type: ignore[arg-type]
    return len(texts) / took * 1000


def worst() -> None:
    """The slowest texts, repeated up to the longest message, and the cost of twice the length."""
    print(f"the same over and over: {LONGEST:,} characters as a message, {REPLY} as a reply; ms")
    print(f"{'':>28}{'message':>22}{'reply':>24}{'of half of it':>24}")
    for name, piece in PIECES.items():
        message = (piece * LONGEST)[:LONGEST]
        whole, half = (piece * REPLY)[:REPLY], (piece * REPLY)[: REPLY // 2]
        times = {text: [_all_ways(text) for _ in range(ROUNDS)] for text in (message, whole, half)}
        print(
            f"{name:>28}{spread(times[message])!s:>22}{spread(times[whole])!s:>24}"
            f"{spread(ratios(times[whole], times[half]))!s:>24}"
        )


def milliseconds(work: Callable[[], object]) -> float:
    """The processor time: reading waits for nothing."""
    read.cache_clear()
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def _all_ways(text: str) -> float:
    """All processing of a typed text at a question."""

    def work() -> None:
        read_counting_method(text)
        read_confirmation(text)
        for kind in ("yes_no", "count", "ratio"):
            read(text, kind)  # type: ignore[arg-type]

    return milliseconds(work)


def main() -> None:
    """Print the tables."""
    everyday()
    worst()


if __name__ == "__main__":
    main()
