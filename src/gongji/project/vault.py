"""The keys of personal data: the operator's, or ones made once and kept beside the data.

``GONGJI_DATA_KEYS`` is ``1:<32 hex digits>,2:<…>`` (the highest number seals, the others still open) and
``GONGJI_INDEX_KEY`` 64 hex digits. Without them the embedded database has a file of its own: whoever loses it loses the numbers.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path

from gongji.base.sealing import INDEX_KEY_BYTES, KEY_BYTES, Vault
from gongji.project.embedded.home import chosen_home

__all__ = ["NOT_THESE_KEYS", "KeysMissing", "data_vault", "vault_environment"]

NAME = "data.keys"
KEYS, INDEX = "GONGJI_DATA_KEYS", "GONGJI_INDEX_KEY"
NOT_THESE_KEYS = (
    f"个人信息的密钥与数据库不符：请把原来的 {NAME} 放回数据目录，或在 {KEYS} 和 {INDEX} 中给出原来的密钥"
    "（备份中没有密钥，见 docs/operations.md）。"
)


class KeysMissing(Exception):
    """No keys of personal data where they must be stated, or keys that are none; the text is for the operator."""


def data_vault(env: Mapping[str, str], cwd: Path) -> Vault:
    """The vault of this installation; raises KeysMissing."""
    stated = vault_environment(env, cwd)
    return _vault(stated[KEYS], stated[INDEX])


def vault_environment(env: Mapping[str, str], cwd: Path) -> dict[str, str]:
    """The two variables that state the keys, for processes that this one starts.

    With an external database (DATABASE_URL) they must be in the environment, since all servers have to agree. Raises KeysMissing.
    """
    if env.get(KEYS) or env.get(INDEX):
        stated = {KEYS: env.get(KEYS, ""), INDEX: env.get(INDEX, "")}
    elif env.get("DATABASE_URL"):
        raise KeysMissing(
            f"使用外部数据库时须在环境变量 {KEYS} 和 {INDEX} 中给出个人信息的密钥，见 docs/operations.md。"
        )
    else:
        stated = _kept(chosen_home(env, cwd).path / NAME)
    _vault(stated[KEYS], stated[INDEX])
    return stated


def _kept(path: Path) -> dict[str, str]:
    if not path.exists():
        _make(path)
    try:
        written = json.loads(path.read_text(encoding="ascii"))
        return {KEYS: str(written["keys"]), INDEX: str(written["index_key"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeysMissing(f"个人信息的密钥文件 {path} 不能使用。") from error


def _vault(keys: str, index_key: str) -> Vault:
    try:
        parts = [part.partition(":") for part in keys.split(",") if part.strip()]
        numbered = {int(number): bytes.fromhex(text) for number, _, text in parts}
        if len(numbered) < len(parts):
            raise ValueError("a number is given twice")
        return Vault(numbered, bytes.fromhex(index_key))
    except ValueError:
        raise KeysMissing(
            f"个人信息的密钥不正确：{KEYS} 写成 编号:{2 * KEY_BYTES}位十六进制数（可用逗号分隔多个），"
            f"{INDEX} 是 {2 * INDEX_KEY_BYTES} 位十六进制数。"
        ) from None


def _make(path: Path) -> None:
    """Write keys that only their owner can read; of two processes at once the first one's stay."""
    written = {
        "keys": f"1:{secrets.token_hex(KEY_BYTES)}",
        "index_key": secrets.token_hex(INDEX_KEY_BYTES),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, partial = tempfile.mkstemp(dir=path.parent, prefix=NAME)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(json.dumps(written))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(partial, path)
    finally:
        os.unlink(partial)
