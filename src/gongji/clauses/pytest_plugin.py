"""Pytest plugin: the marker ``clause``, and an error for a clause that no document has.

Loaded by ``-p gongji.clauses.pytest_plugin`` or from a ``conftest.py``. A test names what it proves,
and nothing else depends on the marker: ``pytest -m clause`` runs all tests that prove law.
"""

from __future__ import annotations

import pytest

from gongji.clauses.catalogue import load_catalogue

__all__ = ["pytest_collection_modifyitems", "pytest_configure"]


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, so that ``--strict-markers`` knows it."""
    config.addinivalue_line(
        "markers", 'clause(*ids): the clauses that the test proves, such as "SX2022-27.art22"'
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stop the run when a test names an unknown clause, or its marker names none."""
    marked = [(item, mark) for item in items for mark in item.iter_markers("clause")]
    if not marked:
        return
    catalogue = load_catalogue()
    wrong = []
    for item, mark in marked:
        if not mark.args or mark.kwargs or not all(isinstance(arg, str) for arg in mark.args):
            wrong.append(f"{item.nodeid}: clause() takes the ids of clauses")
            continue
        wrong += [f"{item.nodeid}: no clause {arg}" for arg in mark.args if not catalogue.knows(arg)]
    if wrong:
        raise pytest.UsageError("\n".join(sorted(set(wrong))))
