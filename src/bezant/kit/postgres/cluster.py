"""Make a cluster once, whole or not at all, and write its configuration before each start."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bezant.kit.operator_error import OperatorError
from bezant.kit.paths import sync_folder
from bezant.kit.postgres.binaries import Binaries
from bezant.kit.postgres.passwords import ROLE_NAMES, make_passwords, read_password
from bezant.kit.postgres.server_user import ServerUser

SOCKET_PORT: Final = 5432  # Part of the socket's file name; nothing listens on TCP by default.
CLEAN_ENVIRONMENT: Final = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}  # No PG* variable of a shell.

_HBA: Final = """\
# Written at each start. Everybody shows a password, also on the Unix socket.
local  all          all                 scram-sha-256
local  replication  all                 scram-sha-256
host   all          all  127.0.0.1/32   scram-sha-256
host   all          all  ::1/128        scram-sha-256
"""

_CONFIGURATION: Final = """\
# Written at each start: changes belong into local.conf beside this file.
listen_addresses = '{listen}'
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 100

# What was confirmed survives a power cut. The core refuses to run without these three.
fsync = on
full_page_writes = on
synchronous_commit = on

# One small commit at a time, as fast as the disk confirms it; checkpoints far apart and gentle.
wal_level = replica
wal_buffers = 16MB
commit_delay = 0
min_wal_size = 256MB
max_wal_size = 2GB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
wal_compression = off
shared_buffers = 256MB
jit = off

# The lease row changes with each commit, so dead rows are swept up early.
autovacuum_naptime = 15s

log_destination = 'stderr'
logging_collector = off
log_line_prefix = '%m [%p] %q%u@%d '
log_min_messages = warning
log_startup_progress_interval = 1s
log_timezone = 'UTC'
timezone = 'UTC'
"""


class ClusterError(OperatorError):
    """The cluster cannot be made or belongs to another release of PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The folder `DIR/pg` and what lies in it."""

    pg: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory; belongs to the user that runs it."""
        return self.pg / "cluster"

    @property
    def configuration(self) -> Path:
        """The configuration file. Outside `data`, so that root writes nothing in there."""
        return self.pg / "postgresql.conf"

    @property
    def hba(self) -> Path:
        """Who may connect and how they prove who they are."""
        return self.pg / "pg_hba.conf"

    @property
    def pid_file(self) -> Path:
        """PostgreSQL's own note of who serves this folder."""
        return self.data / "postmaster.pid"


def make_cluster(cluster: Cluster, binaries: Binaries, user: ServerUser) -> bool:
    """Make passwords and cluster where they are missing; answer whether a cluster was made.

    A start that broke off leaves only `cluster.new`, which the next one throws away.
    """
    if cluster.data.is_dir():
        _check_version(cluster, binaries)
        return False
    make_passwords(cluster.pg)
    fresh = cluster.pg / "cluster.new"
    password = cluster.pg / "initdb.password"
    shutil.rmtree(fresh, ignore_errors=True)
    password.unlink(missing_ok=True)
    fresh.mkdir(mode=0o700)
    descriptor = os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.write(descriptor, read_password(cluster.pg, "superuser").encode())
    os.close(descriptor)
    if user.is_other:
        os.chown(fresh, user.uid, user.gid)
        os.chown(password, user.uid, user.gid)
    try:
        _run_initdb(binaries, user, data=fresh, password=password)
    finally:
        password.unlink()
    fresh.replace(cluster.data)
    sync_folder(cluster.pg)
    return True


def write_configuration(cluster: Cluster, *, sockets: Path, tcp_port: int | None) -> None:
    """Write the files that PostgreSQL reads at its start; they hold no secret."""
    text = _CONFIGURATION.format(
        listen="" if tcp_port is None else "127.0.0.1",
        port=SOCKET_PORT if tcp_port is None else tcp_port,
        sockets=str(sockets).replace("'", "''"),
    )
    if (cluster.pg / "local.conf").exists():
        text += "\ninclude = 'local.conf'\n"
    for path, content in ((cluster.configuration, text), (cluster.hba, _HBA)):
        fresh = path.with_suffix(".new")
        fresh.write_text(content, encoding="utf-8")
        fresh.chmod(0o644)
        fresh.replace(path)


def _run_initdb(binaries: Binaries, user: ServerUser, *, data: Path, password: Path) -> None:
    done = subprocess.run(
        [
            str(binaries.program("initdb")),
            f"--pgdata={data}",
            f"--username={ROLE_NAMES['superuser']}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--data-checksums",
        ],
        cwd=data,
        env=CLEAN_ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        **user.process_options,
    )
    if done.returncode != 0:
        output = done.stdout.decode(errors="replace").strip()
        raise ClusterError(f"initdb could not make the database in {data}:\n{output}")


def _check_version(cluster: Cluster, binaries: Binaries) -> None:
    try:
        found = (cluster.data / "PG_VERSION").read_text(encoding="ascii").strip()
    except OSError as error:
        raise ClusterError(
            f"{cluster.data} is no database of ours ({error.strerror}): restore it from a backup, "
            "or choose another data directory with --data-dir"
        ) from error
    if found != binaries.major_version:
        raise ClusterError(
            f"the database in {cluster.data} was made by PostgreSQL {found}, this release brings "
            f"{binaries.major_version}: start the release that made it, or move it by pg_dump"
        )
