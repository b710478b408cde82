"""Where the keys of personal data come from."""

import stat
from pathlib import Path

import pytest

from gongji.project.vault import INDEX, KEYS, NAME, KeysMissing, data_vault, vault_environment

STATED = {KEYS: f"1:{bytes(16).hex()}", INDEX: bytes(32).hex()}
PLACE = "members_person.cert:1"


def test_keys_of_the_environment_are_used(tmp_path: Path) -> None:
    sealed = data_vault(STATED, tmp_path).seal("x", PLACE)
    assert data_vault(STATED, tmp_path).open(sealed, PLACE) == "x"
    assert not (tmp_path / ".gongji").exists()


def test_the_embedded_database_gets_keys_of_its_own_that_stay(tmp_path: Path) -> None:
    env = {"GONGJI_DATA": str(tmp_path / "data")}
    sealed = data_vault(env, tmp_path).seal("x", PLACE)
    assert data_vault(env, tmp_path).open(sealed, PLACE) == "x"
    assert stat.S_IMODE((tmp_path / "data" / NAME).stat().st_mode) == 0o600


def test_a_server_and_its_workers_have_the_same_keys(tmp_path: Path) -> None:
    env = {"GONGJI_DATA": str(tmp_path / "data")}
    sealed = data_vault(env, tmp_path).seal("x", PLACE)
    workers = {**vault_environment(env, tmp_path), "DATABASE_URL": "postgresql:///x"}
    assert data_vault(workers, tmp_path).open(sealed, PLACE) == "x"


def test_an_external_database_without_stated_keys_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeysMissing, match=KEYS):
        data_vault({"DATABASE_URL": "postgresql:///x"}, tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [
        {KEYS: "", INDEX: STATED[INDEX]},
        {KEYS: STATED[KEYS], INDEX: ""},
        {KEYS: bytes(16).hex(), INDEX: STATED[INDEX]},
        {KEYS: "1:zz", INDEX: STATED[INDEX]},
        {KEYS: f"0:{bytes(16).hex()}", INDEX: STATED[INDEX]},
        {KEYS: f"1:{bytes(8).hex()}", INDEX: STATED[INDEX]},
        {KEYS: f"1:{bytes(16).hex()},1:{bytes(15).hex()}01", INDEX: STATED[INDEX]},
    ],
)
def test_keys_that_are_none_are_refused_without_being_repeated(wrong: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(KeysMissing) as refused:
        data_vault(wrong, tmp_path)
    assert all(not text or text not in str(refused.value) for text in wrong.values())


def test_a_broken_file_of_keys_is_refused(tmp_path: Path) -> None:
    env = {"GONGJI_DATA": str(tmp_path)}
    (tmp_path / NAME).write_text("{}")
    with pytest.raises(KeysMissing, match=NAME):
        data_vault(env, tmp_path)
