"""Import of an employer's monthly contribution file (单位缴费文件): one transaction, all or nothing or the good rows.

A file is read block by block into temporary tables, matched with the register in one statement, decided row by row by
``import_rules``, and recorded in one statement at the end; whatever stops it before leaves nothing behind. Imports of one employer
happen one after the other. A file that has been taken as a whole is answered with what was answered then; one that had
faults is looked at again, because its members may have been registered since.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, BinaryIO, Final, get_args

from gongji.base.actors import Actor
from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection, sql
from gongji.base.times import day_in_china
from gongji.members.import_report import SHOWN, ImportReport, Mode, import_errors
from gongji.members.import_rows import parse_row
from gongji.members.import_rules import (
    Figures,
    Known,
    RelationOfMonth,
    Row,
    decide,
)
from gongji.members.import_source import Source, open_source
from gongji.members.personal import cert_index

__all__ = ["BLOCK_ROWS", "Progress", "import_contributions", "known_of"]

BLOCK_ROWS: Final = 5_000

TABLES: Final = sql("gongji.members", "import_tables")
LOCK: Final = sql("gongji.members", "import_lock")
STAGE: Final = sql("gongji.members", "import_stage")
FACTS: Final = sql("gongji.members", "import_facts")
TAKES: Final = sql("gongji.members", "import_takes")
FAULTS: Final = sql("gongji.members", "import_faults")
KEEP: Final = sql("gongji.members", "import_keep")
REPORT: Final = sql("gongji.members", "import_report")
OF_FILE: Final = sql("gongji.members", "imports_of_file")
SAME_FAULTS: Final = sql("gongji.members", "import_same_faults")
ERROR_COUNT: Final = sql("gongji.members", "import_error_count")

Progress = Callable[[int, int | None], None]
"""Called with rows done and rows in all (an estimate until the end, None when unknown)."""
Faults = tuple[int, tuple[Refusal, ...]]
"""A line and what is wrong with it."""


def no_progress(done: int, total: int | None) -> None:
    """Nobody watches."""


class _Run:
    """One import under way: what it is about, and its counts. Every row is counted once as read and once as decided."""

    def __init__(self, conn: Connection, source: Source, mode: Mode) -> None:
        self.conn = conn
        self.source = source
        self.mode = mode
        self.rows = self.staged = self.added = self.unchanged = self.rejected = 0

    @property
    def refused(self) -> bool:
        """Nothing is taken: a row is bad where none may be, or no row is good."""
        return self.rejected > 0 and (self.mode == "all_or_nothing" or self.rejected == self.rows)

    @property
    def counts(self) -> dict[str, Any]:
        """State and numbers of rows as they are recorded, in the order of the statement."""
        return {
            "state": "refused" if self.refused else "taken",
            "row_count": self.rows,
            "added": 0 if self.refused else self.added,
            "unchanged": 0 if self.refused else self.unchanged,
            "rejected": self.rejected,
        }


async def import_contributions(
    conn: Connection,
    vault: Vault,
    file: BinaryIO,
    file_name: str,
    *,
    mode: Mode,
    actor: Actor,
    at: datetime,
    ids: IdSource,
    employer: str | None = None,
    month: date | None = None,
    sheet_name: str = "",
    progress: Progress = no_progress,
) -> ImportReport | Refusal:
    """Record the contributions in ``file`` (open for reading, able to seek), or say why the file as a whole cannot be read.

    Employer and month (any day of it) may be left to the columns of the file.
    """
    assert mode in get_args(Mode)
    source = open_source(file, sheet_name, employer, month, day_in_china(at))
    if isinstance(source, Refusal):
        return source
    run = _Run(conn, source, mode)
    async with conn.transaction():
        await conn.execute(LOCK, source.terms.employer)
        earlier = await conn.fetch(OF_FILE, source.sheet.digest, source.terms.employer, source.terms.month)
        for row in earlier:
            if row["state"] == "taken" and row["rejected"] == 0:
                return await _report(run, row, repeated=True)
        await conn.execute(TABLES)
        fault = await _stage(run, vault, progress)
        if fault is not None:
            return fault
        await _decide(run, progress)
        latest = next((row for row in earlier if row["mode"] == mode), None)
        if latest is not None and await _says_the_same(run, latest):
            return await _report(run, latest, repeated=True)
        report = await _record(run, ids.next(), file_name, at, str(actor))
    progress(run.rows, run.rows)
    return report


async def _stage(run: _Run, vault: Vault, progress: Progress) -> Refusal | None:
    """Gather the well-formed rows and the faults of the others; the reason for which the rest cannot be read."""
    while block := list(islice(run.source.rows, BLOCK_ROWS)):
        good: list[tuple[Any, ...]] = []
        bad: list[Faults] = []
        for row in block:
            if isinstance(row, Refusal):
                return row
            parsed = parse_row(row.cells, run.source.columns, run.source.terms)
            if isinstance(parsed, Row):
                good.append(_staged(row.line_no, parsed, vault))
            else:
                bad.append((row.line_no, parsed))
        run.rows += len(block)
        run.staged += len(good)
        if good:
            await run.conn.execute(STAGE, *map(list, zip(*good, strict=True)))
        await _keep_faults(run, bad)
        total = run.source.sheet.row_total
        progress(run.rows // 2, max(total, run.rows) if total is not None else None)
    return None


def _staged(line_no: int, row: Row, vault: Vault) -> tuple[Any, ...]:
    f = row.figures
    amounts = (f.base_fen, f.personal_fen, f.employer_fen)
    return (
        line_no,
        cert_index(vault, row.cert_no),
        row.name,
        row.month,
        *amounts,
        f.due_on,
        f.paid_on,
        f.kind,
    )


async def _decide(run: _Run, progress: Progress) -> None:
    """Decide every gathered row by what is on record; what is to be recorded and what is not is gathered in turn."""
    await run.conn.execute("ANALYZE import_row")
    decided = run.rows - run.staged
    facts: Any = run.conn.cursor  # asyncpg's own, which fetches ahead and closes itself at its end
    block: list[Any] = []
    async for found in facts(FACTS, run.source.terms.employer, prefetch=BLOCK_ROWS):
        block.append(found)
        if len(block) == BLOCK_ROWS:
            await _decide_block(run, block)
            decided += len(block)
            block.clear()
            progress((run.rows + decided) // 2, run.rows)
    await _decide_block(run, block)


async def _decide_block(run: _Run, block: Sequence[Any]) -> None:
    takes: list[tuple[int, str, int]] = []
    bad: list[Faults] = []
    for found in block:
        verdict = decide(_row(found), known_of(found), run.source.terms)
        if verdict == "add":
            takes.append((found["line_no"], found["psn_no"], (found["revision"] or 0) + 1))
        elif verdict == "unchanged":
            run.unchanged += 1
        else:
            bad.append((found["line_no"], verdict))
    run.added += len(takes)
    await _keep_faults(run, bad)
    if takes and not run.refused:
        await run.conn.execute(TAKES, *map(list, zip(*takes, strict=True)))


def _row(found: Any) -> Row:
    """The row as it was gathered; its number of identity has become an index and stays one."""
    figures = Figures(
        found["base_fen"],
        found["personal_fen"],
        found["employer_fen"],
        found["due_on"],
        found["paid_on"],
        found["kind"],
    )
    return Row("", found["name"], found["month"], figures)


def known_of(found: Any) -> Known:
    """What the register knows, from a row of ``import_facts`` (or, for one person, of ``contribution_facts``)."""
    latest = None
    if found["revision"] is not None:
        latest = Figures(
            found["known_base_fen"],
            found["known_personal_fen"],
            found["known_employer_fen"],
            found["known_due_on"],
            found["known_paid_on"],
            found["known_kind"],
        )
    return Known(
        persons=found.get("persons", 1),
        name=found["known_name"] or "",
        died_on=found["died_on"],
        relations=tuple(RelationOfMonth(*relation) for relation in found["relations"] or ()),
        latest=latest,
        repeated=bool(found.get("repeated")),
        other_line=found.get("other_line"),
    )


async def _keep_faults(run: _Run, bad: list[Faults]) -> None:
    run.rejected += len(bad)
    faults = [
        (line_no, number, fault.code, fault.detail)
        for line_no, found in bad
        for number, fault in enumerate(found, 1)
    ]
    if faults:
        await run.conn.execute(FAULTS, *map(list, zip(*faults, strict=True)))


async def _says_the_same(run: _Run, earlier: Any) -> bool:
    """Whether nothing is to be recorded now and the faults are those of an earlier import of the file."""
    if run.added and not run.refused:
        return False
    return bool(await run.conn.fetchval(SAME_FAULTS, earlier["import_id"]))


async def _record(run: _Run, import_id: int, file_name: str, at: datetime, actor: str) -> ImportReport:
    """Write what is taken, the faults and the report."""
    terms = run.source.terms
    if not run.refused:
        await run.conn.execute(KEEP, import_id, terms.employer, at, actor)
    row = {"import_id": import_id, "file_name": file_name, "mode": run.mode, **run.counts, "recorded_at": at}
    about = (run.source.sheet.digest, terms.employer, terms.month, run.mode)
    await run.conn.execute(REPORT, import_id, file_name, *about, *run.counts.values(), at, actor)
    return await _report(run, row)


async def _report(run: _Run, row: Any, *, repeated: bool = False) -> ImportReport:
    return ImportReport(
        import_id=row["import_id"],
        file_name=row["file_name"],
        form=run.source.sheet.form,
        employer=run.source.terms.employer,
        month=run.source.terms.month,
        mode=row["mode"],
        state=row["state"],
        row_count=row["row_count"],
        added=row["added"],
        unchanged=row["unchanged"],
        rejected=row["rejected"],
        error_count=await run.conn.fetchval(ERROR_COUNT, row["import_id"]),
        errors=await import_errors(run.conn, row["import_id"], SHOWN),
        recorded_at=row["recorded_at"],
        repeated=repeated,
    )
