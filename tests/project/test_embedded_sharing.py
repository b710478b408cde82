"""Several processes and one server: who starts it, who stops it, and what happens when somebody dies."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from click.testing import CliRunner

from gongji.project.cli import main
from gongji.project.embedded import ensure, locks
from gongji.project.embedded.home import Home
from gongji.project.embedded.process import postmaster_pid
from gongji.project.embedded.server import running, use
from tests.project.embedded_help import another_user_process, environment, folder, made, program, rows, until


def pid_of_server(home: Path) -> int | None:
    cluster = Home(home).cluster()
    return postmaster_pid(Home(home), cluster) if cluster else None


def test_two_processes_that_start_at_once_share_one_server() -> None:
    with folder() as place:
        home = place / "data"
        with another_user_process(home) as (_, first), another_user_process(home) as (_, second):
            assert first == second
            assert rows(first, "SELECT 1") == [(1,)]


def test_the_server_stays_while_one_of_two_users_is_left() -> None:
    with made() as place:
        mine = ensure(environment(place / "data"))
        other = ensure(environment(place / "data"))
        mine.close()
        assert rows(other.dsn, "SELECT 1") == [(1,)]
        other.close()


def test_the_last_user_to_leave_stops_the_server() -> None:
    with made() as place:
        ensure(environment(place / "data")).close()
        assert not running(Home(place / "data"))


def test_leaving_twice_takes_nothing_from_others() -> None:
    with made() as place:
        mine, other = ensure(environment(place / "data")), ensure(environment(place / "data"))
        mine.close()
        mine.close()
        assert rows(other.dsn, "SELECT 1") == [(1,)]
        other.close()


def test_processes_that_use_it_are_known_by_their_numbers() -> None:
    with made() as place, another_user_process(place / "data") as (process, _):
        assert locks.holders(Home(place / "data").users_lock) == (process.pid,)


def test_after_kill_9_of_its_parent_the_running_server_is_taken_over() -> None:
    with made() as place, another_user_process(place / "data") as (process, _):
        before = pid_of_server(place / "data")
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        with ensure(environment(place / "data")) as server:
            assert rows(server.dsn, "SELECT 1") == [(1,)]
            assert pid_of_server(place / "data") == before


def test_a_server_whose_users_were_killed_is_stopped_by_its_warden() -> None:
    with made() as place:
        home = Home(place / "data")
        code = """
            import pathlib
            from gongji.project.embedded.server import use
            from gongji.project.embedded.home import Home
            server = use(Home(pathlib.Path(os.environ["GONGJI_DATA"])), linger_seconds=0)
            print(server.dsn, flush=True)
            sys.stdin.readline()
        """
        with program(code, home.path) as process:
            assert process.stdout is not None
            assert process.stdout.readline()
            process.kill()
        until(lambda: not running(home), "the end of the server")
        until(lambda: not locks.is_held(home.warden_lock), "the end of the warden")


def test_a_warden_leaves_a_used_server_alone() -> None:
    with made() as place:
        home = Home(place / "data")
        first = use(home, linger_seconds=0)
        second = use(home, linger_seconds=0)
        first.close()
        until(lambda: locks.is_held(home.warden_lock), "the warden")
        assert rows(second.dsn, "SELECT 1") == [(1,)]
        second.close()


def test_db_start_keeps_it_running_until_db_stop() -> None:
    with made() as place:
        env = environment(place / "data")
        runner = CliRunner()
        assert "已启动" in runner.invoke(main, ["db", "start"], env=env).output
        ensure(env).close()
        assert running(Home(place / "data"))
        assert "已停止" in runner.invoke(main, ["db", "stop"], env=env).output
        assert not running(Home(place / "data"))


def test_db_stop_waits_for_those_who_use_it_unless_told_now() -> None:
    with made() as place:
        env = environment(place / "data")
        runner = CliRunner()
        with another_user_process(place / "data") as (process, _):
            said = runner.invoke(main, ["db", "stop"], env=env).output
            assert str(process.pid) in said
            assert running(Home(place / "data"))
            assert "已停止" in runner.invoke(main, ["db", "stop", "--now"], env=env).output
            assert not running(Home(place / "data"))


def test_db_status_tells_address_version_size_and_processes() -> None:
    with folder() as place:
        env = environment(place / "data")
        runner = CliRunner()
        before = runner.invoke(main, ["db", "status"], env=env)
        assert (before.exit_code, "还没有数据库" in before.output) == (3, True)
        with ensure(env) as server:
            said = runner.invoke(main, ["db", "status"], env=env)
            assert said.exit_code == 0
            for part in (
                "运行中",
                "PostgreSQL 18",
                " MB",
                server.dsn,
                str(pid_of_server(place / "data")),
                str(os.getpid()),
            ):
                assert part in said.output
        after = runner.invoke(main, ["db", "status"], env=env)
        assert (after.exit_code, "没有运行" in after.output) == (3, True)


def test_the_server_survives_the_end_of_the_process_group_that_started_it() -> None:
    with made() as place, another_user_process(place / "data") as (process, dsn):
        server = pid_of_server(place / "data")
        assert server is not None
        assert os.getsid(server) != os.getsid(process.pid)
        assert os.getsid(server) != os.getsid(0)
        assert rows(dsn, "SELECT 1") == [(1,)]


def test_the_python_of_the_warden_is_the_one_that_started_the_server() -> None:
    with made() as place, ensure(environment(place / "data")):
        home = Home(place / "data")
        until(lambda: bool(locks.holders(home.warden_lock)), "the warden")
        (warden,) = locks.holders(home.warden_lock)
        command = Path(f"/proc/{warden}/cmdline").read_bytes().split(b"\0")
        assert command[0].decode() == sys.executable


def test_processes_that_come_and_go_all_find_the_server() -> None:
    coming_and_going = """
        import psycopg
        for _ in range(5):
            with ensure(linger_seconds=0) as server, psycopg.connect(server.dsn) as connection:
                print(connection.execute("SELECT 1").fetchone()[0], flush=True)
    """
    with made() as place:
        processes = [program(coming_and_going, place / "data") for _ in range(3)]
        said = [process.communicate()[0] for process in processes]
        assert said == ["1\n" * 5] * 3
        assert not running(Home(place / "data"))
