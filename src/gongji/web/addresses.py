"""Every address of the web and its row of the matrix. A page that has only one of the two keeps a server from starting."""

from collections.abc import Iterator
from typing import Any

import msgspec
from django.urls import get_resolver

from gongji.access import OPERATIONS
from gongji.access.matrix import Unguarded
from gongji.web.pages import operation_of

__all__ = ["Address", "addresses", "faults", "refuse_unguarded"]


class Address(msgspec.Struct, frozen=True):
    """A row of the URL table: its name, its path with ``<converter:name>`` in it, its view."""

    code: str
    route: str
    view: Any

    @property
    def has_ids(self) -> bool:
        """Whether something of somebody's is named in the path."""
        return "<" in self.route


def addresses(urlconf: Any = None) -> Iterator[Address]:
    """Every row of the URL table."""
    yield from _rows(get_resolver(urlconf).url_patterns, "")


def _rows(patterns: list[Any], before: str) -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _rows(pattern.url_patterns, route)
        else:
            yield Address(str(pattern.name), f"/{route}", pattern.callback)


def faults(urlconf: Any = None) -> list[str]:
    """What is open by omission or listed for nothing: a view without a row, a name that is not its row's, a row without address."""
    found, known = [], set[str]()
    for address in addresses(urlconf):
        operation = operation_of(address.view)
        if operation is None:
            found.append(f"{address.route}：视图没有经过权限表")
        elif operation.code != address.code:
            found.append(f"{address.route}：地址名 {address.code} 不是操作代码 {operation.code}")
        elif address.code in known:
            found.append(f"{address.route}：操作 {address.code} 已经有一个地址")
        known.add(address.code)
    return found + [f"权限表的操作 {code} 没有地址" for code in OPERATIONS if code not in known]


def refuse_unguarded() -> None:
    """Raises Unguarded with everything that does not fit."""
    if wrong := faults():
        raise Unguarded("网页地址与权限表不符：" + "；".join(wrong))
