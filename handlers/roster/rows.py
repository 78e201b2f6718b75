"""Reads the rows of a workbook as values, and all problems with their places."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from handlers.roster.cell_values import (
    CLEAR,
    Cell,
    CellProblem,
    ProblemText,
    RefusedError,
    Remark,
    Value,
    check_readable,
    fold,
    is_blank,
    is_cleared,
    is_total,
    text_of,
)
from handlers.roster.cells import SheetCells
from handlers.roster.columns import FIGURES, SHEETS, RosterColumn, RosterSheet
from storage.masking import MASK

Progress = Callable[[int, int], None]  # rows done, and all rows
_HEADINGS_WITHIN = 10  # rows; titles may be above the headings
_REPORT_EVERY = 500  # rows
_KINDS = {sheet.key: sheet for sheet in (*SHEETS, FIGURES)}


@dataclass(frozen=True, slots=True)
class Record:
    """A row: its filled cells that could be read. `row` is the spreadsheet's number."""

    sheet: str
    row: int
    values: dict[str, Value]
    headings: dict[str, str]

    def problem(self, key: str | None, reason: ProblemText) -> CellProblem:
        """Return a problem with this row, at a column when `key` is given."""
        column = self.headings.get(key, key) if key is not None else None
        return CellProblem(self.sheet, self.row, column, reason)


@dataclass(frozen=True, slots=True)
class Problems:
    """All problems, in the order of the workbook; nothing of it is imported."""

    problems: tuple[CellProblem, ...]


@dataclass(slots=True)
class Records:
    """The rows of a workbook by sheet, their problems, and the ignored parts.

    `unreadable`: a whole sheet or column can't be read, so that references to it can't be checked.
    """

    rows: dict[str, list[Record]] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    left_aside: list[Remark] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    unreadable: bool = False

    def in_order(self, problems: list[CellProblem]) -> Problems:
        """Return problems ordered by sheet and row."""
        place = {title: number for number, title in enumerate(self.titles)}
        return Problems(tuple(sorted(problems, key=lambda p: (place.get(p.sheet, -1), p.row or 0))))

    def refuse_whole(self, problem: CellProblem) -> None:
        """Add a problem with a whole sheet or column."""
        self.problems.append(problem)
        self.unreadable = True


def refused_workbook(reason: ProblemText) -> Records:
    """Return the records of a workbook that can't be read at all."""
    records = Records()
    records.refuse_whole(CellProblem("", None, None, reason))
    return records


def read_cells(
    found: Sequence[SheetCells], progress: Progress = lambda _done, _all: None
) -> Records:
    """Return the rows of a workbook with all their problems."""
    records = Records()
    known = [one for one in found if one.key]
    unknown = [one.title for one in found if not one.key]
    records.left_aside += [Remark("aside.sheet", {"sheet": title}) for title in unknown]
    before, whole = 0, sum(len(one.rows) for one in known)
    for one in known:
        sheet, title, rows = _KINDS[one.key], one.title, one.rows
        records.titles.append(title)
        if sheet.key in records.rows:
            records.refuse_whole(CellProblem(title, None, None, ProblemText("second_sheet")))
        else:

            def notify(row: int, start: int = before) -> None:
                progress(start + row, whole)

            read = _read_sheet(sheet, title, rows, records, notify)
            if one.commune is not None:
                for record in read:
                    record.values.setdefault("commune", one.commune)
            records.rows[sheet.key] = read
        before += len(rows)
        progress(before, whole)
    if not known:
        names = ", ".join(f"“{sheet.title('vi')}”" for sheet in SHEETS)
        reason = ProblemText("no_sheet", {"sheets": names})
        records.refuse_whole(CellProblem("", None, None, reason))
    return records


def needed(found: Sequence[SheetCells]) -> list[SheetCells]:
    """Return the cells with those of unknown columns masked, so that they are never stored.

    Such columns often have names and telephone numbers. `read_cells` returns the same for both.
    """
    return [
        replace(one, rows=_needed(_KINDS[one.key], one.rows)) if one.key else one for one in found
    ]


def _needed(sheet: RosterSheet, rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    start = heading_row(sheet, rows)
    places = _columns(sheet, "", start, rows[start], Records()) if start is not None else {}

    def is_read(row: int, place: int, cell: Cell) -> bool:
        if start is not None and (row == start or (row > start and place in places)):
            return True
        return is_blank(cell) or is_total(cell)

    return [
        [cell if is_read(number, place, cell) else MASK for place, cell in enumerate(row)]
        for number, row in enumerate(rows)
    ]


def _read_sheet(
    sheet: RosterSheet,
    title: str,
    rows: Sequence[Sequence[Cell]],
    records: Records,
    notify: Callable[[int], None],
) -> list[Record]:
    start = heading_row(sheet, rows)
    if start is None:
        if any(not is_blank(cell) for row in rows for cell in row):
            wanted = ", ".join(
                f"“{column.name('vi')}”" for column in sheet.columns if column.required
            )
            reason = ProblemText("no_headings", {"headings": wanted})
            records.refuse_whole(CellProblem(title, None, None, reason))
        return []
    columns = _columns(sheet, title, start, rows[start], records)
    _remark_unnamed(title, start, rows, records)
    headings = {column.key: text_of(rows[start][place]) for place, column in columns.items()}
    found = []
    for number, row in enumerate(rows[start + 1 :], start + 2):
        if number % _REPORT_EVERY == 0:
            notify(number)
        total = next((cell for cell in row if is_total(cell)), None)
        if total is not None:
            where = {"sheet": title, "row": str(number), "text": text_of(total)}
            records.left_aside.append(Remark("aside.total", where))
        elif any(not is_blank(cell) for cell in row):
            found.append(_read_row(title, number, row, columns, headings, records.problems))
    return found


def heading_row(sheet: RosterSheet, rows: Sequence[Sequence[Cell]]) -> int | None:
    """Return the row with most headings; None when no row has those of two columns."""
    counts = [
        sum(any(_heading(cell) in column.names for cell in row) for column in sheet.columns)
        for row in rows[:_HEADINGS_WITHIN]
    ]
    best = max(counts, default=0)
    return counts.index(best) if best > 1 else None


def _heading(cell: Cell) -> str:
    return fold(text_of(cell).partition("(")[0])


def _columns(
    sheet: RosterSheet, title: str, start: int, row: Sequence[Cell], records: Records
) -> dict[int, RosterColumn]:
    found: dict[int, RosterColumn] = {}
    for place, cell in enumerate(row):
        if is_blank(cell):
            continue
        name = _heading(cell)
        column = _column(sheet, name, found)
        if column is not None:
            found[place] = column
        elif any(name in one.names for one in sheet.columns):
            reason = ProblemText("column_twice")
            records.refuse_whole(CellProblem(title, start + 1, text_of(cell), reason))
        else:
            where = {"sheet": title, "column": text_of(cell)}
            records.left_aside.append(Remark("aside.column", where))
    for column in sheet.columns:
        if column.required and column not in found.values():
            reason = ProblemText("column_missing", {"column": column.name("vi")})
            records.refuse_whole(CellProblem(title, start + 1, None, reason))
    return found


def _remark_unnamed(
    title: str, start: int, rows: Sequence[Sequence[Cell]], records: Records
) -> None:
    """Add a remark for each filled column whose heading is empty, or merged into another."""
    heading = rows[start]
    used = {c for row in rows[start + 1 :] for c, cell in enumerate(row) if not is_blank(cell)}
    for place in sorted(used):
        if place >= len(heading) or is_blank(heading[place]):
            where = {"sheet": title, "column": letters_of(place)}
            records.left_aside.append(Remark("aside.no_heading", where))


def letters_of(place: int) -> str:
    """Return a column's letters in a spreadsheet: A for 0, AA for 26."""
    letters = ""
    while place >= 0:
        place, letter = divmod(place, 26)
        letters, place = chr(ord("A") + letter) + letters, place - 1
    return letters


def _column(sheet: RosterSheet, name: str, found: dict[int, RosterColumn]) -> RosterColumn | None:
    """Return the column of a heading; its own name has priority over synonyms."""
    free = [column for column in sheet.columns if column not in found.values()]
    by_name = [column for column in free if name in {column.key, *map(fold, column.own_names)}]
    by_synonym = [column for column in free if name in column.names]
    return next(iter(by_name or by_synonym), None)


def _read_row(
    title: str,
    number: int,
    row: Sequence[Cell],
    columns: dict[int, RosterColumn],
    headings: dict[str, str],
    problems: list[CellProblem],
) -> Record:
    record = Record(title, number, {}, headings)
    for place, column in columns.items():
        cell = row[place] if place < len(row) else None
        try:
            value = _read_cell(column, cell)
        except RefusedError as refused:
            problems.append(record.problem(column.key, refused.reason))
            continue
        if value is not None:
            record.values[column.key] = value
    return record


def _read_cell(column: RosterColumn, cell: Cell) -> Value | None:
    check_readable(cell)
    if is_blank(cell):
        if column.required:
            raise RefusedError("nothing")
        return None
    if is_cleared(cell) and column.clearable:
        return CLEAR
    return column.read(cell)
