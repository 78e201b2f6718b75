"""Exports of a round or of many communes: pictures, workbook, report, data, evidence.

`material_of` reads the database; everything else is a function of its `Material`.
"""
