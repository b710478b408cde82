"""Where the embedded database lives: the folder chosen by setting, and where its parts are put.

home/                 GONGJI_DATA; 0700, under root 0710 root:<group of the server's account> if it holds the data
  change.lock         held alone while the server is started, stopped or exchanged
  users.lock          held shared by every process that uses the database
  server.lock         held by the server's processes themselves, by inheritance
  warden.lock         held by the process that stops a server nobody uses any more
  keep                present after `gongji db start`: do not stop when the last user leaves
  cluster.json        which data folder is in force (replaced in one step)
  start.log           what the server said while it started
base/                 normally the home itself; under root another folder where the home's parents are closed
  pg-1/ pg-2/ …       data folders; one is in force, the others were set aside by a restore
  socket/             the only door; 0700
  pg_hba.conf …       who may come in: the owner of the home, by the kernel's word, and nobody else
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from gongji.project.embedded.account import Account, can_search
from gongji.project.embedded.errors import EmbeddedError

__all__ = [
    "OUTSIDE_ROOMS",
    "Cluster",
    "Home",
    "base_for",
    "chosen_home",
    "prepare",
    "socket_directory",
    "sync_folder",
    "write_privately",
]

SOCKET_NAME: Final = ".s.PGSQL.5432"
_SOCKET_PATH_LIMIT: Final = 107  # bytes of sun_path less the closing zero
OUTSIDE_ROOMS: Final = (Path("/var/lib"), Path("/var/tmp"), Path("/tmp"))
_SHORT_ROOMS: Final = (Path("/run"), Path("/tmp"))


@dataclass(frozen=True, slots=True)
class Cluster:
    """The data folder in force, the folder it stands in, its owner's number, and the folder of its socket."""

    directory: str
    base: str
    uid: int
    socket: str


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one embedded database; see the module's text for what is in it."""

    path: Path

    @property
    def change_lock(self) -> Path:
        return self.path / "change.lock"

    @property
    def users_lock(self) -> Path:
        return self.path / "users.lock"

    @property
    def server_lock(self) -> Path:
        return self.path / "server.lock"

    @property
    def warden_lock(self) -> Path:
        return self.path / "warden.lock"

    @property
    def keep(self) -> Path:
        return self.path / "keep"

    @property
    def start_log(self) -> Path:
        return self.path / "start.log"

    @property
    def record(self) -> Path:
        return self.path / "cluster.json"

    def cluster(self) -> Cluster | None:
        """The data folder in force, or None when none was made yet.

        Errors: the record cannot be read; the home was copied or moved away from data that lies elsewhere.
        """
        try:
            found = json.loads(self.record.read_text("utf-8"))
            kept = Cluster(**found)
        except FileNotFoundError:
            return None
        except PermissionError:
            raise EmbeddedError(f"没有权限读数据目录 {self.path}；请以建立它的用户运行。") from None
        except (ValueError, TypeError) as error:
            raise EmbeddedError(f"{self.record} 已损坏：{error}") from error
        cluster = replace(
            kept,
            directory=str(self.path / kept.directory),
            base=str(self.path / kept.base),
            socket=str(self.path / kept.socket),
        )
        if Path(cluster.base) not in {self.path, _outside(self, Path(cluster.base).parent)}:
            raise EmbeddedError(
                f"{self.path} 是从别处复制或移动来的，它的数据在 {cluster.base}，属于原来的目录。"
                "请在原处执行 gongji db backup，再在这里执行 gongji db restore。"
            )
        return cluster

    def put_in_force(self, cluster: Cluster) -> None:
        """Make this the data folder in force, in one step that survives a power cut.

        Paths below the home are kept relative to it: a home that is copied or moved means its own data.
        """
        kept = replace(
            cluster,
            directory=self._relative(cluster.directory),
            base=self._relative(cluster.base),
            socket=self._relative(cluster.socket),
        )
        write_privately(
            self.record, json.dumps(asdict(kept), ensure_ascii=False, indent=1) + "\n", synced=True
        )

    def _relative(self, path: str) -> str:
        return str(Path(path).relative_to(self.path)) if Path(path).is_relative_to(self.path) else path


def chosen_home(env: Mapping[str, str], cwd: Path) -> Home:
    """GONGJI_DATA; else `.gongji` at the root of the checkout around `cwd`; else the user's data folder."""
    if chosen := env.get("GONGJI_DATA"):
        return Home(Path(os.path.abspath(cwd / Path(chosen).expanduser())))
    for folder in (cwd, *cwd.parents):
        if _is_checkout(folder):
            return Home(folder / ".gongji")
    data_home = env.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    return Home(Path(data_home) / "gongji")


def _is_checkout(folder: Path) -> bool:
    try:
        return 'name = "gongji"' in (folder / "pyproject.toml").read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return False


def prepare(home: Home) -> None:
    """Make the home, or see that the one found is ours and closed to others.

    Errors: it belongs to somebody else; it is a folder of other things; it cannot be made.
    """
    try:
        home.path.parent.mkdir(parents=True, exist_ok=True)
        home.path.mkdir(mode=0o700, exist_ok=True)
        status = home.path.lstat()
        if not stat.S_ISDIR(status.st_mode):
            raise EmbeddedError(f"{home.path} 不是文件夹，不能存放数据。")
        if status.st_uid != os.geteuid():
            raise EmbeddedError(
                f"数据目录 {home.path} 属于另一个用户（编号 {status.st_uid}）。"
                "请以那个用户运行，或用 GONGJI_DATA 另选目录。"
            )
        content = os.listdir(home.path)
        if content and home.change_lock.name not in content:
            raise EmbeddedError(f"{home.path} 里有别的文件，不是共济的数据目录；请用 GONGJI_DATA 另选目录。")
        allowed = 0o710 if os.geteuid() == 0 else 0o700
        if status.st_mode & 0o777 & ~allowed:
            home.path.chmod(status.st_mode & allowed)
    except OSError as error:
        raise EmbeddedError(f"不能使用数据目录 {home.path}：{error.strerror}") from error


def base_for(home: Home, account: Account, outside: Iterable[Path] = OUTSIDE_ROOMS) -> Path:
    """The folder for data folders: the home, or one outside it when the server's account cannot get to the home.

    Only folders of our own are given to the account's group; a closed parent stays closed.
    """
    if not account.switched:
        return home.path
    if can_search(home.path.parent, account):
        _give_passage(home.path, account)
        return home.path
    for room in outside:
        if not room.is_dir() or not can_search(room, account) or not os.access(room, os.W_OK):
            continue
        base = _outside(home, room)
        base.mkdir(mode=0o700, exist_ok=True)
        if _is_own(base, os.geteuid()):
            _give_passage(base, account)
            write_privately(base / "README", f"Data of the Gongji database whose home is {home.path}\n")
            return base
    raise EmbeddedError(
        f"用户 {account.name} 进不了 {home.path.parent}，也找不到别处存放数据。"
        "请用 GONGJI_DATA 选一个它能到达的目录。"
    )


def _give_passage(folder: Path, account: Account) -> None:
    os.chown(folder, os.geteuid(), account.gid)
    folder.chmod(0o710)


def _outside(home: Home, room: Path) -> Path:
    return room / f"gongji-{hashlib.sha256(os.fsencode(home.path)).hexdigest()[:12]}"


def _is_own(folder: Path, uid: int) -> bool:
    status = folder.lstat()
    return stat.S_ISDIR(status.st_mode) and status.st_uid == uid


def socket_directory(base: Path, account: Account, recorded: str | None = None) -> Path:
    """A private folder for the socket, owned by the server's account: in the base if its path is short enough.

    A socket's path has at most 107 bytes, and commas and quotes mean something where PostgreSQL reads it.
    """
    usual = base / "socket"
    if _fits(usual):
        usual.mkdir(mode=0o700, exist_ok=True)
        os.chown(usual, account.uid, account.gid)
        return usual
    if recorded is not None and _is_private(Path(recorded), account):
        return Path(recorded)
    for room in _SHORT_ROOMS:
        if room.is_dir() and os.access(room, os.W_OK) and can_search(room, account):
            made = Path(tempfile.mkdtemp(prefix="gongji-", dir=room))  # 0700, a name nobody can foresee
            os.chown(made, account.uid, account.gid)
            return made
    raise EmbeddedError(
        f"目录 {base} 的路径太长，而 /run 和 /tmp 都不能写；请用 GONGJI_DATA 选一个短些的目录。"
    )


def _fits(directory: Path) -> bool:
    path = os.fsencode(directory / SOCKET_NAME)
    return len(path) <= _SOCKET_PATH_LIMIT and not set(path) & set(b',"')


def _is_private(directory: Path, account: Account) -> bool:
    try:
        return _is_own(directory, account.uid) and directory.lstat().st_mode & 0o077 == 0
    except OSError:
        return False


def write_privately(path: Path, text: str, gid: int | None = None, *, synced: bool = False) -> None:
    """Replace the file in one step; readable by its owner, and by one group when `gid` is given.

    `synced` is for what a power cut must not lose; the rest is written anew at every start.
    """
    descriptor, partial = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        if gid is not None:
            os.fchown(descriptor, -1, gid)
            os.fchmod(descriptor, 0o640)
        if synced:
            os.fsync(descriptor)
    os.replace(partial, path)
    if synced:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in the folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
