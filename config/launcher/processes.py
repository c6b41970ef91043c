"""Starts, watches and stops the programs that make up a running platform."""

import contextlib
import os
import pwd
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BufferedWriter
from pathlib import Path
from typing import IO, Self

from config.launcher.addresses import ROOT
from config.launcher.errors import CannotContinueError
from config.launcher.stop_request import StopRequest, StopRequestedError
from config.orphans import die_with_parent

POLL_SECONDS = 0.02
LOG_MAX_BYTES = 10 * 1024 * 1024
LOG_LINES_SHOWN = 20


@dataclass(frozen=True)
class Program:
    name: str
    command: Sequence[str | Path]
    log: Path
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    folder: Path = ROOT
    user: pwd.struct_passwd | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    patience_seconds: float = 10


@dataclass(frozen=True)
class Child:
    program: Program
    process: subprocess.Popen[bytes]
    log_start: int


class _Job:
    """A command that asks nothing, and what it says."""

    def __init__(self, command: Sequence[str | Path], environment: Mapping[str, str]) -> None:
        self._output = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - see end()
        self.process = _asking_nothing(command, environment, self._output, subprocess.STDOUT)

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def end(self) -> str:
        """Kill whatever is left of it; gives what it said."""
        _end(self.process)
        with self._output:
            self._output.seek(0)
            return self._output.read()


class Children:
    """The programs we started; leaving the block stops them, the last one first."""

    def __init__(self, stop_request: StopRequest) -> None:
        self.stop_request = stop_request
        self._running: list[Child] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        while self._running:
            self._stop(self._running.pop())

    def start(self, program: Program) -> None:
        """Start it in a process group of its own, so that Ctrl-C reaches us alone."""
        with _opened(program.log) as log:
            child = Child(program, _spawn(program, log.fileno()), log.tell())
        self._running.append(child)

    def wait_until(self, is_ready: Callable[[], bool], *, what: str, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not is_ready():
            self.check()
            if time.monotonic() > deadline:
                raise CannotContinueError(f"{what} was not ready after {seconds:.0f} seconds.")
            time.sleep(POLL_SECONDS)

    def watch(self) -> None:
        """Return when somebody asks us to stop; raise when a program ended by itself."""
        with contextlib.suppress(StopRequestedError):
            while True:
                self.check()
                time.sleep(POLL_SECONDS * 5)

    def check(self) -> None:
        if self.stop_request.made:
            raise StopRequestedError
        for child in self._running:
            if child.process.poll() is not None:
                raise CannotContinueError(_obituary(child))

    def complete(
        self, command: Sequence[str | Path], environment: Mapping[str, str], output: IO[str]
    ) -> int:
        """Run a command that asks nothing, and give its exit code; a stop ends all it started."""
        process = _asking_nothing(command, environment, output)
        try:
            while process.poll() is None:
                self.check()
                time.sleep(POLL_SECONDS)
        finally:
            _end(process)
        return process.returncode

    def complete_together(
        self, commands: Mapping[str, Sequence[str | Path]], environment: Mapping[str, str]
    ) -> str | None:
        """Run commands that ask nothing, as many at once as there are processors, in this order.

        Prints the name of each and what it said as it ends. Gives the name of the first one that
        failed, which ends the others.
        """
        waiting, jobs = list(commands.items()), dict[str, _Job]()
        try:
            while waiting or jobs:
                if waiting and len(jobs) < (os.cpu_count() or 1):
                    name, command = waiting.pop(0)
                    jobs[name] = _Job(command, environment)
                self.check()
                for name in [name for name, job in jobs.items() if job.has_ended]:
                    print(f"— {name}\n{jobs[name].end()}", end="", flush=True)
                    if jobs.pop(name).process.returncode:
                        return name
                time.sleep(POLL_SECONDS)
        finally:
            for job in jobs.values():
                job.end()
        return None

    def finish(self, command: Sequence[str | Path], environment: Mapping[str, str]) -> int:
        """Run a command on our terminal, where Ctrl-C reaches it too, and give its exit code."""
        process = subprocess.Popen(  # noqa: S603 - commands of our own
            command,
            cwd=ROOT,
            env=environment,
            preexec_fn=_tie(signal.SIGKILL),  # noqa: PLW1509 - we have no threads
        )
        is_told = False
        while process.poll() is None:
            if self.stop_request.is_urgent:
                process.kill()
            elif self.stop_request.needs_passing_on and not is_told:
                process.terminate()
                is_told = True
            time.sleep(POLL_SECONDS)
        return process.returncode

    def _stop(self, child: Child) -> None:
        process = child.process
        deadline = time.monotonic() + child.program.patience_seconds
        process.send_signal(child.program.stop_signal)
        while process.poll() is None:
            if self.stop_request.is_urgent or time.monotonic() > deadline:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            time.sleep(POLL_SECONDS)


def _spawn(program: Program, log: int) -> subprocess.Popen[bytes]:
    user = program.user
    return subprocess.Popen(  # noqa: S603 - commands of our own
        program.command,
        cwd=program.folder,
        env=program.environment,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
        process_group=0,
        preexec_fn=_tie(program.orphan_signal),  # noqa: PLW1509 - we have no threads
    )


def _asking_nothing(
    command: Sequence[str | Path],
    environment: Mapping[str, str],
    output: IO[str],
    errors: int | None = None,
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - commands of our own
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        process_group=0,
        preexec_fn=_tie(signal.SIGKILL),  # noqa: PLW1509 - we have no threads
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill whatever is left of it and of all it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _tie(orphan_signal: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()
    return lambda: die_with_parent(parent, by=orphan_signal)


def _opened(log: Path) -> BufferedWriter:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_MAX_BYTES:
        log.rename(log.with_suffix(".log.old"))
    return log.open("ab")


def _obituary(child: Child) -> str:
    name, log, code = child.program.name, child.program.log, child.process.returncode
    how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
    with log.open("rb") as file:
        file.seek(child.log_start)
        lines = file.read().decode(errors="replace").splitlines()
    end = "\n".join(f"    {line}" for line in lines[-LOG_LINES_SHOWN:])
    return f"{name} {how}. The end of {log}:\n{end}"
