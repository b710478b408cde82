"""The key that signs sessions."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from gongji.project.secret import secret_key


def test_the_operators_key_is_taken(tmp_path):
    assert secret_key({"GONGJI_SECRET_KEY": "given", "GONGJI_DATA": str(tmp_path)}, tmp_path) == "given"
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def home(tmp_path):
    """A data folder, as the embedded database makes it."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "change.lock").touch()
    return folder


def test_a_key_is_made_once_and_kept_where_only_its_owner_can_read(home):
    environment = {"GONGJI_DATA": str(home)}
    key = secret_key(environment, home)
    assert secret_key(environment, home) == key
    assert len(key) >= 50
    assert stat.S_IMODE(os.stat(home / "secret.key").st_mode) == 0o600
    assert {path.name for path in home.iterdir()} == {"change.lock", "secret.key"}


def test_a_folder_of_other_things_is_left_alone(tmp_path):
    secret_key({"GONGJI_DATA": str(tmp_path)}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_two_at_once_agree_on_one_key(home):
    environment = {"GONGJI_DATA": str(home)}
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret_key(environment, home), range(32)))
    assert len(keys) == 1


def test_without_a_data_folder_the_key_lives_as_long_as_the_process(tmp_path):
    environment = {"GONGJI_DATA": str(tmp_path / "none")}
    assert secret_key(environment, tmp_path) != secret_key(environment, tmp_path)
    assert not (tmp_path / "none").exists()
