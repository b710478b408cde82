"""Making the files of 1301-1320: once for every version that somebody lacks, beside the counter and never in its way.

Which rows a client lacks is told by versions: a file holds everything after the client's version up to the newest. Clients that
lack the same get the same file. Rows are read in chunks and written in a thread.
"""

import asyncio
from datetime import date, datetime

from gongji.base.reasons import Refusal
from gongji.base.regions import ancestry
from gongji.base.times import day_in_china
from gongji.catalog.lists import Range, items_since, range_since
from gongji.gateway.files import KeptList, find_list, keep_list
from gongji.gateway.listfiles import Disease, ListFile, version_text
from gongji.gateway.platform import Platform
from gongji.policy import Law

__all__ = ["diseases_of", "empty_list", "list_of_diseases", "list_of_items"]

READ_ONLY = Refusal("READ_ONLY", "目录文件尚未生成")


async def list_of_items(
    platform: Platform, infno: str, list_types: tuple[str, ...], version: int, at: datetime
) -> tuple[KeptList, bool] | Refusal:
    """The file of what a client with ``version`` lacks, and whether rows that it may have were deleted since.

    CATALOG_VERSION_UNKNOWN for a version that the catalogue has not reached; READ_ONLY when nobody has made the file yet and
    nothing may be written.
    """
    async with platform.pool.acquire() as connection:
        lacks = await range_since(connection, list_types, version)
        if version > lacks.catalogue:
            return Refusal("CATALOG_VERSION_UNKNOWN", f"目录现在的版本是 {version_text(lacks.catalogue)}")
        deleted = 0 < version < lacks.reload_from
        found = await find_list(connection, _key(infno, lacks, lacks.newest), at)
    if found is None and platform.settings.read_only:
        return READ_ONLY
    return found or await _make(platform, infno, list_types, lacks, at), deleted


async def _make(
    platform: Platform, infno: str, list_types: tuple[str, ...], lacks: Range, at: datetime
) -> KeptList:
    async with platform.listing, platform.pool.acquire() as connection:
        found = await find_list(connection, _key(infno, lacks, lacks.newest), at)
        if found is not None:  # somebody made it while we waited
            return found
        made, newest = ListFile(infno, day_in_china(at)), lacks.known
        async with connection.transaction():
            async for items in items_since(connection, list_types, lacks.known):
                await asyncio.to_thread(made.add, items)
                newest = max(newest, items[-1].version)
        content = await asyncio.to_thread(made.finish)
        name = f"{infno}_{version_text(lacks.known)}_{version_text(newest)}.txt.zip"
        key = _key(infno, lacks, newest)
        return await keep_list(connection, _number(platform), key, name, made.count, content, at)


def _key(infno: str, lacks: Range, newest: int) -> str:
    """What a file is kept under; a deletion (``reload_from``) makes every file before it one of the past."""
    return f"{infno}/{lacks.reload_from}/{lacks.known}/{newest}"


def _number(platform: Platform) -> str:
    return f"C{platform.ids.next()}"


async def list_of_diseases(
    platform: Platform, infno: str, region: str, version: int, at: datetime
) -> KeptList | Refusal:
    """The chronic diseases that the law of a region names, those later than ``version``."""
    law = platform.law
    named = diseases_of(law, region)
    known = max((one.version for one in named if one.version <= version), default=0)
    key = f"{infno}/{region}/{known}/{law.digest[:32]}"
    return await _small(platform, infno, key, [one for one in named if one.version > known], at)


async def empty_list(platform: Platform, infno: str, at: datetime) -> KeptList | Refusal:
    """The file of a list that this platform does not keep: no rows."""
    return await _small(platform, infno, f"{infno}/none", [], at)


async def _small(
    platform: Platform, infno: str, key: str, rows: list[Disease], at: datetime
) -> KeptList | Refusal:
    async with platform.pool.acquire() as connection:
        found = await find_list(connection, key, at)
        if found is not None:
            return found
        if platform.settings.read_only:
            return READ_ONLY
        made = ListFile(infno, day_in_china(at))
        made.add_diseases(rows)
        newest = max((one.version for one in rows), default=0)
        name = f"{infno}_{version_text(newest)}.txt.zip"
        return await keep_list(connection, _number(platform), key, name, made.count, made.finish(), at)


def diseases_of(law: Law, region: str) -> list[Disease]:
    """Chronic diseases that documents of the region and its parents name, nearest first; their version is the document's day."""
    lineage = ancestry(region)
    documents = [one for one in law.library.documents.values() if one.region in lineage]
    found: dict[str, Disease] = {}
    for document in sorted(documents, key=lambda one: (lineage.index(one.region), one.id)):
        labels = {code: label for name, code, label in document.declares.labels if name == "disease"}
        for name, codes in document.declares.attributes:
            for code in codes if name == "disease" else ():
                label = labels.get(code, code)
                area = document.region.ljust(6, "0")
                source = document.number or document.title
                found.setdefault(code, Disease(code, label, area, source, _day_number(document.starts_on)))
    return list(found.values())


def _day_number(on: date) -> int:
    """A version from a day: 20240701."""
    return on.year * 10_000 + on.month * 100 + on.day
