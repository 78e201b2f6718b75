"""The head and foot of every picture: commune, round, number of reports, time of the figures."""

from handlers.exports.material import Material
from handlers.exports.pictures.canvas import GRID, INNER, MARGIN, PALE, WIDTH, Canvas
from handlers.exports.wording import coverage, newest
from handlers.rounds.criteria_sets import set_suffix
from handlers.status.lines import totals_line
from handlers.texts import Texts, without_tags

HEAD = 168
FOOT = 92


def framed(material: Material, texts: Texts, title: str, height: int) -> Canvas:
    """Return a canvas of this height with its head and foot."""
    canvas = Canvas(height)
    status = material.status
    heading = f"{status.commune.name} · {status.round.name}"
    title += set_suffix(status.round, texts.language)  # the first line has no space for the set
    canvas.heading(MARGIN, 44, heading, 40, bold=True)
    canvas.heading(MARGIN, 94, title, 33)
    canvas.text(MARGIN, 138, totals(material, texts), 29, colour=PALE, width=INNER, least=18)
    canvas.line([MARGIN, WIDTH - MARGIN], [height - FOOT + 8] * 2, GRID)
    canvas.text(
        MARGIN, height - 62, coverage(material, texts), 26, colour=PALE, width=INNER, least=18
    )
    canvas.text(MARGIN, height - 26, newest(material, texts), 26, colour=PALE, width=INNER)
    return canvas


def totals(material: Material, texts: Texts) -> str:
    """Return `Đạt 5/13 · chưa đạt 3 · chưa đủ số liệu 5`, without emoji."""
    return without_tags(totals_line(material.status, texts)).lstrip("🎯🏆 ")
