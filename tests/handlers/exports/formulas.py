"""Calculates the few kinds of formulas of the workbook from its cells."""

import re

from openpyxl import load_workbook

_CELL = r"(?:'([^']+)'!)?([A-Z]+[0-9]+)"


class Sheets:
    """A workbook read twice: the formulas, and the stored values beside them."""

    def __init__(self, file):
        self.written = load_workbook(file)
        self.kept = load_workbook(file, data_only=True)

    def formulas(self):
        """Every formula: sheet, cell, formula."""
        for page in self.written.worksheets:
            for row in page.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        yield page.title, cell.coordinate, cell.value

    def value(self, sheet, cell):
        """The value of a cell, calculated if it is a formula."""
        given = self.written[sheet][cell].value
        if isinstance(given, str) and self.written[sheet][cell].data_type == "f":
            return self.compute(sheet, given)
        return given

    def compute(self, sheet, formula):
        """The value of the formula."""
        text = formula.removeprefix("=")
        if found := re.fullmatch(_CELL, text):
            return self.value(found[1] or sheet, found[2])
        if found := re.fullmatch(r"SUM\((\w+):(\w+)\)", text):
            cells = self._cells(sheet, found[1], found[2])
            return sum(one for one in cells if isinstance(one, int | float))
        if found := re.fullmatch(r"ROWS\((\w+):(\w+)\)", text):
            return len(self._cells(sheet, found[1], found[2]))
        if found := re.fullmatch(r'COUNTIF\((\w+):(\w+),">=(\d+)"\)', text):
            cells = self._cells(sheet, found[1], found[2])
            return sum(isinstance(one, int) and one >= int(found[3]) for one in cells)
        if found := re.fullmatch(r'COUNTIF\((\w+):(\w+),"([^"]+)"\)', text):
            return self._cells(sheet, found[1], found[2]).count(found[3])
        if found := re.fullmatch(r'"([^"]*)"&(COUNTIF\(.+?\))&"([^"]*)"', text):
            return f"{found[1]}{self.compute(sheet, found[2])}{found[3]}"
        found = re.fullmatch(r'IF\((\w+)=0,"—",INT\((\w+)\*(\d+)/\1\)/\3\)', text)
        assert found, f"an unknown formula: {formula}"
        below, above = self.value(sheet, found[1]), self.value(sheet, found[2])
        scale = int(found[3])
        return "—" if below == 0 else int(above * scale / below) / scale

    def _cells(self, sheet, first, last):
        rows = self.written[sheet][f"{first}:{last}"]
        return [self.value(sheet, cell.coordinate) for row in rows for cell in row]
