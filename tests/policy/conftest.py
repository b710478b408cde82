"""The built-in law, with and without the demo overlay, compiled once."""

from __future__ import annotations

import pytest

from gongji.policy import DEMO_OVERLAY, Law, compile_law, load_library


@pytest.fixture(scope="session")
def law() -> Law:
    return compile_law(load_library())


@pytest.fixture(scope="session")
def demo_law() -> Law:
    return compile_law(load_library(overlay=DEMO_OVERLAY))
