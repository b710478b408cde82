"""A vault with fixed keys, for tests only."""

from gongji.base.sealing import Vault

VAULT = Vault({1: bytes(range(16))}, bytes(range(32)))

ENVIRONMENT = {
    "GONGJI_DATA_KEYS": f"1:{bytes(range(16)).hex()}",
    "GONGJI_INDEX_KEY": bytes(range(32)).hex(),
}
"""The same keys, as a process of its own finds them."""
