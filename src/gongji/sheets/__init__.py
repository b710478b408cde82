"""Sheets (表格): tables that people send, read whatever they were saved as, and tables that are given to people.

``reading`` opens CSV and Excel from strangers, ``tables`` writes text, CSV and Excel, ``faults`` lists what was wrong in a file.
"""

from gongji.sheets.faults import RowError, write_errors
from gongji.sheets.reading import Sheet, SheetRow, clean, open_sheet
from gongji.sheets.tables import Cell, Count, Table, as_csv, as_text, as_xlsx

__all__ = [
    "Cell",
    "Count",
    "RowError",
    "Sheet",
    "SheetRow",
    "Table",
    "as_csv",
    "as_text",
    "as_xlsx",
    "clean",
    "open_sheet",
    "write_errors",
]
