"""Web server and worker under one roof: started, restarted and ended together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from atom_project import watchdog
from atom_project.liveness import Liveness, surroundings

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
FIRST_DELAY = 0.5  # seconds before a crashed child starts again; doubled at each crash
LONGEST_DELAY = 30.0
GOOD_RUN = 60.0  # seconds after which a crash counts as the first one again
STOP_WITHIN = 4.5  # seconds children get to end, so that all is over within five
LIFE_INTERVAL = 5.0  # seconds between two looks whether a child hangs
LONGEST_NAP = 3 * LIFE_INTERVAL  # After more than that, this process was stopped itself.
LOOK_INTERVAL = 0.5  # seconds between two looks whether the code has changed, where that is asked
PR_SET_PDEATHSIG = 1  # prctl(2)

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass
class Child:
    """A process that is to run as long as the supervisor does."""

    name: str
    command: Sequence[str]
    inherited: Sequence[int] = ()  # File descriptors it may use.
    liveness: Liveness | None = None  # Without it, only its end is noticed.
    environment: Mapping[str, str] = field(default_factory=dict)  # Beside the supervisor's own.
    after: Callable[[int], None] = lambda process: None  # Called when that process has ended.
    process: subprocess.Popen[bytes] | None = None
    starts_at: float = 0.0
    _delay: float = FIRST_DELAY
    _started_at: float = 0.0

    @property
    def is_running(self) -> bool:
        return self.process is not None

    def start(self) -> None:
        supervisor = os.getpid()
        self._started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            pass_fds=self.inherited,
            env={**surroundings(self.liveness), **self.environment},
            # A session of its own: Ctrl-C in the terminal reaches the supervisor alone, which
            # then asks each child once. A second signal would mean "at once" to them.
            start_new_session=True,
            preexec_fn=lambda: _die_with(supervisor),  # One thread only runs here.
        )
        if self.liveness:
            self.liveness.begin()

    def reap(self) -> int | None:
        """The exit code if it has ended since it was last asked; then it may start again later."""
        if self.process is None or (code := self.process.poll()) is None:
            return None
        self.bury()
        if time.monotonic() - self._started_at > GOOD_RUN:
            self._delay = FIRST_DELAY
        self.starts_at = time.monotonic() + self._delay
        self._delay = min(2 * self._delay, LONGEST_DELAY)
        return code

    def bury(self) -> None:
        """Wait until it has ended, and let go of it."""
        if self.process is not None:
            self.process.wait()
            self.after(self.process.pid)
            self.process = None

    def end_if_it_hangs(self) -> str:
        """What was wrong with it, or blank; a process that hangs hears no polite signal."""
        if self.liveness is None or not self.is_running:
            return ""
        if complaint := self.liveness.complaint():
            self.signal(signal.SIGKILL)
            self.liveness.begin()
        return complaint

    def signal(self, number: int) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


def _die_with(supervisor: int) -> None:
    """Have the kernel end this process when its parent does, even by kill -9 (Linux only)."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != supervisor:
            os._exit(1)  # The parent died before the kernel knew.


@dataclass
class Supervisor:
    """Keeps children running until it is told to stop; a second signal ends them at once.

    `is_ready` is asked several times a second until it says yes; then `announce` is called.
    Whenever `has_changed` says yes, or `must_restart` says why, all children end and start again.
    """

    children: Sequence[Child]
    is_ready: Callable[[], bool]
    announce: Callable[[], None]
    say: Callable[[str], None]
    has_changed: Callable[[], bool] | None = None
    must_restart: Callable[[], str] | None = None
    _announced: bool = False
    _stop_signals: int = 0
    _looked_at: float = 0.0
    _wakeups: int = field(init=False)

    def run(self) -> None:
        self._wakeups = _signal_pipe()
        for child in self.children:
            child.start()
        self._looked_at = time.monotonic()
        while not self._stop_signals:
            if self.has_changed and self.has_changed():
                self._start_again("The code has changed")
            self._look_after_children()
            self._look_for_life()
            if not self._announced and self.is_ready():
                self._announced = True
                self.announce()
            self._sleep(self._next_look())
        self._stop()

    def _start_again(self, why: str) -> None:
        self.say(f"{why}: starting again.")
        self._stop()
        for child in self.children:
            child.start()

    def _look_after_children(self) -> None:
        for child in self.children:
            if (code := child.reap()) is not None:
                wait = child.starts_at - time.monotonic()
                self.say(f"The {child.name} ended ({_ending(code)}); next start in {wait:.1f} s.")
            if not child.is_running and time.monotonic() >= child.starts_at:
                child.start()

    def _look_for_life(self) -> None:
        """End what hangs, as if it had died; and show one's own supervisor that this one does not.

        Whoever was stopped or frozen itself has nothing to hold against the others.
        """
        slept = time.monotonic() - self._looked_at
        if slept < LIFE_INTERVAL:
            return
        self._looked_at += slept
        watchdog.notify("WATCHDOG=1")
        if self.must_restart and (why := self.must_restart()):
            self._start_again(why)
        for child in self.children:
            if child.liveness and slept > LONGEST_NAP:
                child.liveness.forgive()
            elif complaint := child.end_if_it_hangs():
                self.say(f"The {child.name} {complaint}: ending it.")

    def _next_look(self) -> float:
        """Seconds until there is something to do by itself."""
        waits = [
            max(0.0, self._looked_at + LIFE_INTERVAL - time.monotonic()),
            *self._waits_for_starts(),
        ]
        if not self._announced:
            waits.append(0.1)
        if self.has_changed:
            waits.append(LOOK_INTERVAL)
        return min(waits)

    def _waits_for_starts(self) -> list[float]:
        return [
            max(0.0, child.starts_at - time.monotonic())
            for child in self.children
            if not child.is_running
        ]

    def _sleep(self, seconds: float) -> None:
        """Sleep until then, or until a signal comes; a child's end is one."""
        if select.select([self._wakeups], [], [], seconds)[0]:
            numbers = os.read(self._wakeups, 1024)
            self._stop_signals += sum(number in STOP_SIGNALS for number in numbers)

    def _stop(self) -> None:
        deadline = time.monotonic() + STOP_WITHIN
        self._signal_all(signal.SIGTERM)
        while self._any_running() and self._stop_signals < 2:
            if (left := deadline - time.monotonic()) <= 0:
                break
            self._sleep(left)
        # Also what a child left behind in its session, and all of it at the second Ctrl-C.
        self._signal_all(signal.SIGKILL)
        for child in self.children:
            child.bury()

    def _any_running(self) -> bool:
        return any(child.process and child.process.poll() is None for child in self.children)

    def _signal_all(self, number: int) -> None:
        for child in self.children:
            child.signal(number)


def _signal_pipe() -> int:
    """Where the numbers of arriving signals can be read; nothing else happens at a signal."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    for number in (*STOP_SIGNALS, signal.SIGCHLD):
        # A handler, though an empty one: without it the number never reaches the pipe.
        signal.signal(number, lambda _number, _frame: None)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    return reading


def _ending(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
