"""The operating system's reasons in Chinese."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongji.base.os_errors import os_error_text


def test_a_missing_file_is_said_in_chinese(tmp_path: Path) -> None:
    with pytest.raises(OSError) as caught:
        (tmp_path / "nothing").read_bytes()
    assert os_error_text(caught.value) == "没有这个文件或目录"


def test_a_reason_that_is_not_listed_keeps_its_own_words() -> None:
    assert os_error_text(OSError("odd")) == "odd"
