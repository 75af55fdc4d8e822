"""Which processes serve a data folder, and how to end them without ever hitting somebody else's."""

import os
import signal
import socket
import time
from pathlib import Path

import psutil


def postmaster(data: Path) -> psutil.Process | None:
    """The server that runs on `data`. None: not started, dead, or its pid has gone to another program."""
    lines = _pid_file(data)
    if len(lines) < 3:
        return None
    try:
        process = psutil.Process(int(lines[0]))
        return process if _serves(process, data, started=int(lines[2])) else None
    except (psutil.NoSuchProcess, ValueError):
        return None


def is_ready(data: Path) -> bool:
    """Whether the server on `data` accepts connections (its last line of `postmaster.pid` says so)."""
    lines = _pid_file(data)
    return len(lines) >= 8 and lines[7].strip() == "ready" and postmaster(data) is not None


def answers(sockets: Path, port: int) -> bool:
    """Whether anything listens on the socket: also a server that we cannot see, in another container."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(os.fspath(sockets / f".s.PGSQL.{port}"))
        except OSError:
            return False
        return True


def orphans(data: Path) -> list[psutil.Process]:
    """Server processes of `data` that outlived a killed postmaster. Mostly they end by themselves."""
    return [p for p in psutil.process_iter() if _is_postgres(p) and _works_in(p, data)]


def end(process: psutil.Process, *, seconds: float = 60) -> None:
    """Stop a postmaster: a fast shutdown, after `seconds` an immediate one, in the end a kill."""
    for number, patience in ((signal.SIGINT, seconds), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        try:
            process.send_signal(number)  # psutil refuses when the pid has gone to another process
        except psutil.NoSuchProcess:
            return
        if is_gone(process, patience):
            return


def is_gone(process: psutil.Process, seconds: float = 0) -> bool:
    """Whether a process ends within `seconds`. A zombie has ended: collecting it is its parent's business."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)


def _pid_file(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def _serves(process: psutil.Process, data: Path, *, started: int) -> bool:
    """A pid alone proves nothing, it may have gone to another program: compare the folder it works in.

    Where that is hidden (root without ptrace, in containers), the time it started must do.
    """
    if not _is_postgres(process):
        return False
    try:
        return Path(process.cwd()) == data.resolve()
    except psutil.AccessDenied:
        return abs(process.create_time() - started) < 5


def _works_in(process: psutil.Process, data: Path) -> bool:
    try:
        return Path(process.cwd()) == data.resolve()
    except psutil.Error:
        return False


def _is_postgres(process: psutil.Process) -> bool:
    try:
        return process.name().startswith("postgres") and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
