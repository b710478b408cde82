"""The catalogue: loading 50,000 drugs, searching them, and bringing 50,000 rows in as a new version.

    python -m bench.catalogue [--drugs 50000]

Drugs are made from substances, salts, forms, specifications and makers, so that names repeat as they do in the national list. Every
figure stands beside a plain one of the same run: loading beside reading the same rows without keeping them, searching beside one
scan of the names by `in`, the import beside reading and writing the same rows without checks or differences.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import islice, product
from pathlib import Path
from typing import Any

import asyncpg
import uvloop
from tests.databases import run_migrations

from gongji.base.actors import Actor
from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.catalog.importing import Proposal, approve, propose
from gongji.catalog.initials import initials
from gongji.catalog.selectors import ITEMS, load
from gongji.catalog.values import Catalogue
from gongji.project.embedded import temporary_server

AT = datetime(2024, 5, 20, 2, 0, tzinfo=UTC)
ON = date(2024, 6, 1)
SETTINGS = {"fsync": "on", "shared_buffers": "256MB", "max_wal_size": "4GB"}
HEADER = (
    "医疗目录编码",
    "药品名称",
    "收费项目等级",
    "计价单位",
    "规格",
    "剂型",
    "通用名",
    "生产企业",
    "集采中选",
)
STEMS = re.findall(
    "..", "奥美雷贝泮托氨氯非洛硝苯缬沙厄贝替米阿托瑞舒辛伐格列西格达格恩格头孢阿莫左氧莫西氟康伊曲孟鲁布地"
)
ENDS = re.findall("..", "拉唑地平沙坦他汀齐特列汀列净呋辛西林沙星康唑司特奈德洛尔普利噻嗪帕胺双胍格雷")
SALTS = ("", "盐酸", "苯磺酸", "马来酸", "枸橼酸")
FORMS = ("片", "胶囊", "缓释片", "注射液", "颗粒")


def rows(drugs: int, centralized: str) -> Iterator[tuple[str, ...]]:
    """Rows of a drug list; 12,000 names, a few makers each."""
    names = product(SALTS, STEMS, ENDS, FORMS)
    made = ((maker, *name) for maker, name in product(range(1, 100), list(names)))
    for number, (maker, salt, stem, end, form) in enumerate(islice(made, drugs)):
        code = f"XA{number // 1000 % 100:02d}BCZ{number % 1000:03d}A0010101{number:05d}"
        substance = f"{salt}{stem}{end}"
        yield (
            code,
            substance + form,
            "乙",
            "盒",
            f"{number % 9 + 1}0mg×14粒",
            form,
            substance,
            f"第{maker}制药厂",
            centralized,
        )


def table(drugs: int, centralized: str) -> bytes:
    """A drug list as CSV."""
    return "\n".join([",".join(HEADER), *map(",".join, rows(drugs, centralized))]).encode()


async def bring_in(conn: Any, ids: IdSource, content: bytes, on: date) -> tuple[float, float]:
    """Seconds of proposing the file and of approving it."""
    begun = time.perf_counter()
    proposed = await propose(
        conn,
        io.BytesIO(content),
        "drugs.csv",
        "drugs",
        on,
        actor=Actor("agency", "a"),
        at=AT,
        ids=ids,
        whole=True,
    )
    assert isinstance(proposed, Proposal), proposed
    assert proposed.batch is not None, proposed.faults[:3]
    between = time.perf_counter()
    approved = await approve(conn, proposed.batch.batch_id, actor=Actor("agency", "b"), at=AT)
    assert not isinstance(approved, Refusal), approved
    return between - begun, time.perf_counter() - between


async def plain_write(conn: Any, content: bytes) -> float:
    """Seconds of writing the cells of the file into a table of texts, unchecked."""
    await conn.execute(f"CREATE TEMP TABLE plain ({', '.join(f'c{n} text' for n in range(len(HEADER)))})")
    begun = time.perf_counter()
    lines = content.decode().splitlines()[1:]
    await conn.copy_records_to_table("plain", records=[tuple(line.split(",")) for line in lines])
    return time.perf_counter() - begun


def searched(catalogue: Catalogue, texts: list[str]) -> list[float]:
    """Milliseconds of every search, in order."""
    spent = []
    for text in texts:
        begun = time.perf_counter()
        catalogue.search(text, ON)
        spent.append((time.perf_counter() - begun) * 1000)
    return sorted(spent)


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


async def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--drugs", type=int, default=50_000)
    drugs = arguments.parse_args().drugs
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o755)  # noqa: S103  the server's account must be able to enter
        with temporary_server(Path(folder) / "data", SETTINGS) as server:
            run_migrations(server.dsn)
            conn = await asyncpg.connect(server.dsn)
            ids = IdSource(1, lambda: int(time.time() * 1000))
            first, second = table(drugs, "否"), table(drugs, "是")
            for what, content, on in (("added", first, ON), ("changed", second, date(2024, 7, 1))):
                proposing, approving = await bring_in(conn, ids, content, on)
                plain = await plain_write(conn, content)
                await conn.execute("DROP TABLE plain")
                print(
                    f"import   {drugs:,} rows {what}: {proposing:.1f} s read, checked and compared, {approving:.1f} s approved, "
                    f"{drugs / (proposing + approving):,.0f} rows/s; {plain:.1f} s to write the cells alone"
                )
            begun = time.perf_counter()
            catalogue = await load(conn)
            loading = time.perf_counter() - begun
            begun = time.perf_counter()
            await conn.fetch(ITEMS, -1)
            print(
                f"load     {2 * drugs:,} spells: {loading:.2f} s; {time.perf_counter() - begun:.2f} s to read them alone"
            )
            await conn.close()
    names = [row[1] for row in rows(drugs, "")]
    texts = [name[: 2 + at % 4] for at, name in enumerate(names[::53])]
    texts += [initials(name)[at % 3 :] for at, name in enumerate(names[::53])]
    texts += [row[0][: 8 + at % 8] for at, row in enumerate(islice(rows(drugs, ""), 0, None, 53))]
    print(
        f"index    {timed(lambda: catalogue.search('奥美', ON)):.0f} ms for the first search after a change"
    )
    spent = searched(catalogue, texts)
    scan = statistics.median(
        timed(lambda name=name: [n for n in names if name in n]) for name in names[::997]
    )
    print(
        f"search   {len(spent):,} searches: p50 {statistics.median(spent):.2f} ms, p99 {spent[len(spent) * 99 // 100]:.2f} ms, "
        f"most {spent[-1]:.2f} ms; {scan:.2f} ms to scan the names alone"
    )


if __name__ == "__main__":
    uvloop.run(main())
