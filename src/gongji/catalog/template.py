"""The workbook into which a part of the catalogue is written for import: one sheet with its columns, and what each expects."""

from io import BytesIO
from typing import Final

from gongji.catalog.columns import PARTS, Part, PartName

__all__ = ["template"]

WIDTH: Final = 16


def template(name: PartName) -> bytes:
    """An .xlsx whose cells are texts, so that no spreadsheet turns a code into a number."""
    import xlsxwriter

    part = PARTS[name]
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_numbers": False}) as workbook:
        sheet = workbook.add_worksheet(part.title)
        bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        sheet.set_column(0, len(part.columns) - 1, WIDTH, workbook.add_format({"num_format": "@"}))
        sheet.freeze_panes(1, 1)
        for number, column in enumerate(part.columns):
            sheet.write_string(0, number, column.names[0], bold)
            sheet.write_comment(0, number, _note(part, column.field, column.example))
    return target.getvalue()


def _note(part: Part, field: str, example: str) -> str:
    need = (
        "必填"
        if field in part.needed
        else "新增项目必填"
        if field in part.new
        else "选填，没有这一列则保持不变"
    )
    return f"{need}；如：{example}" if example else need
