"""Reads a workbook once, in a process of its own with bounded memory, to learn whether it can be read at all.

The reader is compiled and trusts what a file says about itself: a crafted .xls makes it ask for all memory, which ends the process.
Here only this process ends. Run as a script with the workbook on standard input; the exit status is the answer.
"""

import contextlib
import io
import subprocess
import sys
from typing import Final, Literal

__all__ = ["Answer", "probe"]

Answer = Literal["good", "protected", "damaged"]

MOST_MEMORY_BYTES: Final = 4 * 2**30
MOST_SECONDS: Final = 120
GOOD, PROTECTED, DAMAGED = 0, 3, 4


def probe(content: bytes) -> Answer:
    """Whether the workbook can be read to its last cell."""
    command = [sys.executable, "-P", __file__]
    try:
        done = subprocess.run(command, input=content, capture_output=True, check=False, timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        return "damaged"
    if done.returncode == PROTECTED:
        return "protected"
    return "good" if done.returncode == GOOD else "damaged"


def _read_all() -> int:
    with contextlib.suppress(
        ImportError, ValueError, OSError
    ):  # no such limits on this system, or lower ones
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import PasswordError, SheetTypeEnum, load_workbook

    try:
        workbook = load_workbook(io.BytesIO(sys.stdin.buffer.read()))
        for sheet in workbook.sheets_metadata:
            if sheet.typ is SheetTypeEnum.WorkSheet:
                for _ in workbook.get_sheet_by_name(sheet.name).iter_rows():
                    pass
    except PasswordError:
        return PROTECTED
    except BaseException:  # noqa: BLE001  the reader's panics are no Exception; here every failure is the answer
        return DAMAGED
    return GOOD


if __name__ == "__main__":
    sys.exit(_read_all())
