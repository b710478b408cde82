"""A vault with fixed keys, for tests only."""

from gongji.base.sealing import Vault

VAULT = Vault({1: bytes(range(16))}, bytes(range(32)))
