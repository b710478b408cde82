"""The key that signs sessions."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor

from gongji.project.secret import secret_key


def test_the_operators_key_is_taken(tmp_path):
    assert secret_key({"GONGJI_SECRET_KEY": "given", "GONGJI_DATA": str(tmp_path)}, tmp_path) == "given"
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_made_once_and_kept_where_only_its_owner_can_read(tmp_path):
    environment = {"GONGJI_DATA": str(tmp_path)}
    key = secret_key(environment, tmp_path)
    assert secret_key(environment, tmp_path) == key
    assert len(key) >= 50
    assert stat.S_IMODE(os.stat(tmp_path / "secret.key").st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_two_processes_at_once_agree_on_one_key(tmp_path):
    environment = {"GONGJI_DATA": str(tmp_path)}
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret_key(environment, tmp_path), range(32)))
    assert len(keys) == 1


def test_without_a_data_folder_the_key_lives_as_long_as_the_process(tmp_path):
    environment = {"GONGJI_DATA": str(tmp_path / "none")}
    assert secret_key(environment, tmp_path) != secret_key(environment, tmp_path)
    assert not (tmp_path / "none").exists()
