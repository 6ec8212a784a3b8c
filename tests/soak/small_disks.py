"""A disk that is soon full, and a PostgreSQL cluster of our own on it. Needs root.

Never the machine's own cluster: one that cannot write goes down, with everything in it.
"""

import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

MEGABYTE = 1 << 20


def _do(*words: str | Path, check: bool = True) -> int:
    return subprocess.run([str(word) for word in words], check=check).returncode  # noqa: S603 (our own words)


@dataclass
class SmallDisk:
    """A tmpfs; `grown` is called after each change of its size."""

    folder: Path
    grown: list[Callable[[], None]] = field(default_factory=list)
    mounted: bool = False

    def resize(self, megabytes: int) -> None:
        again = ["-o", "remount"] if self.mounted else []
        _do("mount", *again, "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", self.folder)
        self.mounted = True
        self.folder.chmod(0o755)
        for call in self.grown:
            call()

    def leave(self, megabytes: int) -> None:
        """Leave so much room, rounded down."""
        self.resize(shutil.disk_usage(self.folder).used // MEGABYTE + megabytes)

    def remove(self) -> None:
        _do("umount", self.folder)
        self.folder.rmdir()


@contextmanager
def own_cluster(disk: SmallDisk) -> Iterator[str]:
    """Start a cluster on the disk and give its URL; after each resize it is started if need be."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data, log = disk.folder / "data", disk.folder / "log"
    for place in (data, log):
        place.mkdir()
        shutil.chown(place, "postgres")

    def as_postgres(program: str, *words: str | Path, check: bool = True) -> int:
        return _do("runuser", "-u", "postgres", "--", programs / program, *words, check=check)

    def start() -> None:
        if as_postgres("pg_ctl", "-D", data, "status", check=False) == 0:
            return
        options = (
            f"-h 127.0.0.1 -p {port} -k {log} -c min_wal_size=32MB -c max_wal_size=32MB "
            "-c fsync=off"
        )
        as_postgres("pg_ctl", "-D", data, "-w", "-l", log / "server", "-o", options, "start")

    as_postgres("initdb", "-D", data, "-A", "trust", "-U", "root", "-E", "UTF8", "--locale=C.UTF-8")
    start()
    disk.grown.append(start)
    _do(programs / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "root", "test")
    yield f"postgresql+psycopg://root@127.0.0.1:{port}/test"
    as_postgres("pg_ctl", "-D", data, "-m", "immediate", "stop")
