"""Backup to a file and back: complete or not at all, and never over what is there without being asked."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from gongji.project.cli import main
from gongji.project.embedded import EmbeddedError, ensure
from gongji.project.embedded.backup import _without_password, backup, restore
from gongji.project.embedded.home import Home
from tests.project.embedded_help import environment, folder, made, rows


@dataclass(frozen=True)
class Kept:
    """A folder with a database of one table and a backup of it."""

    place: Path
    file: Path

    @property
    def home(self) -> Path:
        return self.place / "data"


@pytest.fixture(scope="module")
def kept() -> Iterator[Kept]:
    with made() as place:
        with ensure(environment(place / "data")) as server:
            rows(server.dsn, "CREATE TABLE paid AS SELECT 4900 AS fen")
            rows(server.dsn, "GRANT SELECT ON paid TO gongji_app")
            backup(server.dsn, place / "kept.dump")
        yield Kept(place, place / "kept.dump")


def test_a_backup_is_readable_by_its_owner_only(kept: Kept) -> None:
    assert stat.S_IMODE(kept.file.stat().st_mode) == 0o600


def test_restored_into_an_empty_folder_it_has_rows_roles_and_rights(kept: Kept) -> None:
    with folder() as elsewhere:
        assert restore(Home(elsewhere / "data"), kept.file) is None
        with ensure(environment(elsewhere / "data")) as server:
            assert rows(server.app_dsn, "SELECT fen FROM paid") == [(4900,)]
            assert rows(server.dsn, "SELECT tableowner FROM pg_tables WHERE tablename = 'paid'") == [
                ("gongji",)
            ]


def test_a_backup_never_overwrites_a_file_unasked(kept: Kept) -> None:
    target = kept.place / "taken.dump"
    target.write_text("something dear")
    with ensure(environment(kept.home)) as server, pytest.raises(EmbeddedError, match="已存在"):
        backup(server.dsn, target)
    assert target.read_text() == "something dear"


def test_a_backup_that_fails_leaves_no_file(kept: Kept) -> None:
    target = kept.place / "unreachable.dump"
    with pytest.raises(EmbeddedError, match="pg_dump"):
        backup(f"postgresql://x@/x?host={kept.place}", target)
    assert list(kept.place.glob("*unreachable*")) == []


def test_a_restore_over_data_is_refused_unasked_and_keeps_the_old_when_asked(kept: Kept) -> None:
    with made() as elsewhere:
        home = Home(elsewhere / "data")
        with ensure(environment(home.path)) as server:
            rows(server.dsn, "CREATE TABLE mine AS SELECT 1 AS one")
        with pytest.raises(EmbeddedError, match="已有数据"):
            restore(home, kept.file)
        before = restore(home, kept.file, overwrite=True)
        assert before is not None
        assert (Path(before.directory) / "PG_VERSION").exists()
        with ensure(environment(home.path)) as server:
            assert rows(server.dsn, "SELECT fen FROM paid") == [(4900,)]
        home.put_in_force(before)
        with ensure(environment(home.path)) as server:
            assert rows(server.dsn, "SELECT one FROM mine") == [(1,)]


def test_a_damaged_backup_changes_nothing(kept: Kept) -> None:
    damaged = kept.place / "damaged.dump"
    damaged.write_bytes(kept.file.read_bytes()[:-400])
    folders = sorted(kept.home.glob("pg*"))
    with pytest.raises(EmbeddedError, match="pg_restore"):
        restore(Home(kept.home), damaged, overwrite=True)
    assert sorted(kept.home.glob("pg*")) == folders
    with ensure(environment(kept.home)) as server:
        assert rows(server.dsn, "SELECT fen FROM paid") == [(4900,)]


def test_a_file_that_is_no_backup_is_refused(kept: Kept) -> None:
    other = kept.place / "letter.txt"
    other.write_text("Dear Sirs")
    with pytest.raises(EmbeddedError, match="不是 gongji db backup"):
        restore(Home(kept.home), other, overwrite=True)


def test_a_database_in_use_is_not_exchanged(kept: Kept) -> None:
    with ensure(environment(kept.home)), pytest.raises(EmbeddedError, match="正在使用"):
        restore(Home(kept.home), kept.file, overwrite=True)


def test_the_commands_do_the_same_and_speak_chinese(kept: Kept) -> None:
    with folder() as elsewhere:
        runner = CliRunner()
        file = str(elsewhere / "b.dump")
        done = runner.invoke(main, ["db", "backup", file], env=environment(kept.home))
        assert (done.exit_code, "已备份到" in done.output) == (0, True)
        again = runner.invoke(main, ["db", "backup", file], env=environment(kept.home))
        assert (again.exit_code, "错误：文件" in again.output) == (1, True)
        back = runner.invoke(main, ["db", "restore", file], env=environment(elsewhere / "data"))
        assert (back.exit_code, "已从" in back.output) == (0, True)


def test_an_external_server_is_backed_up_by_its_address(kept: Kept) -> None:
    with folder() as elsewhere, ensure(environment(kept.home)) as server:
        file = elsewhere / "external.dump"
        done = CliRunner().invoke(main, ["db", "backup", str(file)], env={"DATABASE_URL": server.dsn})
        assert done.exit_code == 0, done.output
        assert file.read_bytes()[:5] == b"PGDMP"


def test_a_password_is_taken_out_of_what_everybody_can_read() -> None:
    plain = _without_password("postgresql://u:s%2Fe@db.example:5433/g?sslmode=require")
    assert plain == ("postgresql://u@db.example:5433/g?sslmode=require", "s/e")
