"""A PostgreSQL of the tests' own: Debian's, on loopback, in a folder that goes with it."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

USER, PASSWORD = "dateline", "p@ss/word?%"  # what a URL has to quote
DATABASE = "postgres"


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`; None where PostgreSQL is not installed."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_isready"))  # not in the PATH
    found = installed[-1] if installed else shutil.which("pg_isready")
    return Path(found).resolve().parent if found else None


class Cluster:
    """A server that is started when it is made; its default order of strings is a dictionary's."""

    def __init__(self, bin_folder: Path) -> None:
        self._bin = bin_folder
        self._place = Path(tempfile.mkdtemp(prefix="dateline-postgres-"))
        self._user: dict[str, object] = {}
        if os.geteuid() == 0:  # it refuses to run as root
            names = {entry.pw_name: entry for entry in pwd.getpwall()}
            owner = names.get("postgres") or names["nobody"]
            os.chown(self._place, owner.pw_uid, owner.pw_gid)
            self._user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        secret = self._place / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        self._call(
            *("initdb", "-D", self._data, "--no-sync", "-U", USER, "-E", "UTF8"),
            *("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en"),
            *("--auth-host=scram-sha-256", "--auth-local=reject", f"--pwfile={secret}"),
        )
        self.port = _free_port()
        self.start()

    @property
    def url(self) -> str:
        """The address of its database, with user and password."""
        return self.url_of()

    def url_of(
        self, user: str = USER, password: str = "p%40ss%2Fword%3F%25", database: str = DATABASE
    ) -> str:
        """An address at this server; the password as it stands in addresses."""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it, and return when it takes connections."""
        options = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",
            "full_page_writes": "off",
            "shared_buffers": "32MB",
            "max_connections": "60",
        }
        given = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        with (self._place / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", self._data, *given],
                stdout=log,
                stderr=log,
                cwd="/",
                **self._user,
            )
        ready = [self._bin / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        for _ in range(1200):
            if subprocess.run(ready).returncode == 0:
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.1)
        raise AssertionError((self._place / "log").read_text())

    def stop(self) -> None:
        """Stop it, whoever is connected, as if it had crashed: that is quick."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(timeout=60)

    def remove(self) -> None:
        """Stop it and delete what it held."""
        self.stop()
        shutil.rmtree(self._place)

    @property
    def _data(self) -> Path:
        return self._place / "data"

    def _call(self, program: str, *arguments: object) -> None:
        subprocess.run(
            [self._bin / program, *map(str, arguments)],
            check=True,
            capture_output=True,
            cwd="/",
            **self._user,
        )


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
