"""kill -9 and what it leaves: nothing that was committed is lost, nothing stale is believed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
from pathlib import Path

import psycopg
import pytest

from gongji.project.embedded import EmbeddedError, StartError, ensure
from gongji.project.embedded.home import Home
from gongji.project.embedded.process import postmaster_pid
from gongji.project.embedded.server import running
from tests.project.embedded_help import AS_ROOT, another_user_process, environment, folder, made, rows, until


def data_folder(home: Path) -> Path:
    cluster = Home(home).cluster()
    assert cluster is not None
    return Path(cluster.directory)


def server_pid(home: Path) -> int:
    cluster = Home(home).cluster()
    assert cluster is not None
    pid = postmaster_pid(Home(home), cluster)
    assert pid is not None
    return pid


def children(pid: int) -> list[int]:
    return [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_after_kill_9_of_the_postmaster_the_next_start_has_every_committed_row() -> None:
    with made() as place, ensure(environment(place / "data")) as server:
        rows(server.dsn, "CREATE TABLE paid AS SELECT generate_series(1, 1000) AS fen")
        os.kill(server_pid(place / "data"), signal.SIGKILL)
        with ensure(environment(place / "data")) as again:
            assert rows(again.dsn, "SELECT count(*) FROM paid") == [(1000,)]


def test_after_kill_9_of_every_process_at_once_the_next_start_recovers() -> None:
    with made() as place, ensure(environment(place / "data")) as server:
        rows(server.dsn, "CREATE TABLE paid AS SELECT generate_series(1, 1000) AS fen")
        postmaster = server_pid(place / "data")
        for pid in [postmaster, *children(postmaster)]:
            os.kill(pid, signal.SIGKILL)
        with ensure(environment(place / "data")) as again:
            assert rows(again.dsn, "SELECT count(*) FROM paid") == [(1000,)]


def test_a_busy_backend_that_lost_its_postmaster_does_not_hold_up_the_next_start() -> None:
    with made() as place, ensure(environment(place / "data")) as server:
        busy = psycopg.connect(server.dsn, autocommit=True)

        def work() -> None:
            with pytest.raises(psycopg.OperationalError):
                # a loop in the server that never looks whether its postmaster lives
                busy.execute("SELECT count(*) FROM generate_series(1, 100000000000)")

        worker = threading.Thread(target=work)
        worker.start()
        watch = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT count(*) FROM gen%'"
        until(lambda: rows(server.dsn, watch)[0][0] == 1, "the busy query")
        os.kill(server_pid(place / "data"), signal.SIGKILL)
        with ensure(environment(place / "data")) as again:
            assert rows(again.dsn, "SELECT 1") == [(1,)]
        worker.join()


def test_a_user_whose_server_was_killed_and_started_anew_finds_it_at_the_same_address() -> None:
    with made() as place, another_user_process(place / "data") as (_, before):
        os.kill(server_pid(place / "data"), signal.SIGKILL)
        with ensure(environment(place / "data")) as server:
            assert server.dsn == before


def test_a_pid_file_that_names_another_living_program_is_not_believed() -> None:
    with made() as place:
        ensure(environment(place / "data")).close()
        foreign = f"{os.getpid()}\n{data_folder(place / 'data')}\n1\n5432\n\n\n1 1\nready\n"
        (data_folder(place / "data") / "postmaster.pid").write_text(foreign)
        assert not running(Home(place / "data"))
        with ensure(environment(place / "data")) as server:
            assert rows(server.dsn, "SELECT 1") == [(1,)]


def test_a_copy_of_a_running_database_starts_its_own_server() -> None:
    with made() as place, ensure(environment(place / "data")):
        original = data_folder(place / "data")
        with made() as elsewhere:
            ensure(environment(elsewhere / "data")).close()
            copied = (data_folder(elsewhere / "data") / "postmaster.pid").with_name("postmaster.pid")
            shutil.copy(original / "postmaster.pid", copied)
            with ensure(environment(elsewhere / "data")) as server:
                assert rows(server.dsn, "SHOW data_directory") == [(str(copied.parent),)]


def test_a_copied_or_moved_home_means_its_own_data() -> None:
    with made() as place:
        with ensure(environment(place / "data")) as server:
            rows(server.dsn, "CREATE TABLE paid AS SELECT 1 AS fen")
        subprocess.run(["cp", "-a", place / "data", place / "copy"], check=True)
        with ensure(environment(place / "copy")) as copy:
            rows(copy.dsn, "DROP TABLE paid")
        (place / "data").rename(place / "moved")
        with ensure(environment(place / "moved")) as moved:
            assert rows(moved.dsn, "SELECT fen FROM paid") == [(1,)]


@pytest.mark.skipif(not AS_ROOT, reason="only root's data ever lies outside its home")
def test_a_copied_home_does_not_take_over_data_that_lies_outside() -> None:
    with folder(0o700) as place:
        ensure(environment(place / "data")).close()
        shutil.copytree(place / "data", place / "copy")
        with pytest.raises(EmbeddedError, match="复制或移动"):
            ensure(environment(place / "copy"))
        shutil.rmtree(place / "copy")


def test_a_damaged_record_is_named() -> None:
    with made() as place:
        ensure(environment(place / "data")).close()
        record = Home(place / "data").record
        kept = record.read_text()
        record.write_text("{")
        with pytest.raises(EmbeddedError, match="已损坏"):
            ensure(environment(place / "data"))
        record.write_text(kept)


def test_what_a_killed_first_start_left_is_made_anew() -> None:
    with folder() as place:
        home = place / "data"
        (home / "pg.partial" / "base").mkdir(parents=True)
        (home / "change.lock").touch()
        with ensure(environment(home)) as server:
            assert rows(server.dsn, "SELECT 1") == [(1,)]
        assert not (home / "pg.partial").exists()


def test_a_server_that_cannot_start_says_why() -> None:
    with made() as place:
        ensure(environment(place / "data")).close()
        with open(data_folder(place / "data") / "postgresql.conf", "a", encoding="utf-8") as settings:
            settings.write("wal_level = fast\n")
        with pytest.raises(StartError, match="wal_level"):
            ensure(environment(place / "data"))
        assert not running(Home(place / "data"))


def test_data_of_another_major_version_is_refused_before_anything_is_started() -> None:
    with made() as place:
        ensure(environment(place / "data")).close()
        (data_folder(place / "data") / "PG_VERSION").write_text("17\n")
        with pytest.raises(EmbeddedError, match="PostgreSQL 17"):
            ensure(environment(place / "data"))


def test_a_server_that_somebody_else_started_on_our_data_is_not_disturbed() -> None:
    with made() as place:
        with ensure(environment(place / "data")):
            home = Home(place / "data")
            home.server_lock.unlink()  # as if it had been started by hand: nobody holds our lock
            with pytest.raises(EmbeddedError, match="不是由共济启动的"):
                ensure(environment(place / "data"))
        os.kill(int((data_folder(place / "data") / "postmaster.pid").read_text().split()[0]), signal.SIGINT)
        until(lambda: not (data_folder(place / "data") / "postmaster.pid").exists(), "the end of the server")
