"""Criteria sets that ask only areas, or only the office: parts of the small set."""

from pathlib import Path

SMALL = Path(__file__).parents[1] / "xa-sach-2026.toml"


def one_sided(asked_of):
    """The text of the small set with only the indicators of areas, or of the office."""
    head, *indicators = SMALL.read_text(encoding="utf-8").split("[[indicators]]")
    kept = [one for one in indicators if f'asked_of = "{asked_of}"' in one]
    head = head.replace("xa-sach-2026", f"chi-{asked_of}").replace("(2026)", f"({asked_of})")
    return "[[indicators]]".join([head, *kept])
