"""The key that signs sessions: the operator's, or one made once and kept beside the data."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path

from gongji.project.embedded.home import chosen_home

__all__ = ["secret_key"]

NAME = "secret.key"


def secret_key(env: Mapping[str, str], cwd: Path) -> str:
    """``GONGJI_SECRET_KEY``; else the key in the data folder, made on first use; else one for this process only.

    The last holds where there is no data folder yet or it cannot be written: commands need no more, and a server
    with an external database says its key in the environment, because its workers must agree.
    """
    if given := env.get("GONGJI_SECRET_KEY"):
        return given
    home = chosen_home(env, cwd)
    path = home.path / NAME
    try:
        if (
            not path.exists() and home.change_lock.exists()
        ):  # a folder of ours, not one that merely has the name
            _make(path)
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return secrets.token_urlsafe(48)


def _make(path: Path) -> None:
    """Write a key that only its owner can read; of two processes at once the first one's stays."""
    descriptor, partial = tempfile.mkstemp(dir=path.parent, prefix=NAME)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(partial, path)
    finally:
        os.unlink(partial)
