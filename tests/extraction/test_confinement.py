"""A reader that was taken over reaches nothing; without the confinement it reaches everything."""

import contextlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from documents.pipeline.extraction import sandbox
from documents.pipeline.extraction.child import landlock, linux, seccomp

EXTRACTION = Path(sandbox.__file__).parent
NOBODY = 65534
# Their like without a confinement takes rights that only root has, or a kernel that is kind.
PRIVILEGED = {"read the parent's memory", "trace the parent", "mount", "unshare"}
# What Landlock does not know of.
PAST_LANDLOCK = {
    "change a mode",
    "connect by UDP",
    "connect to a socket file",
    "a pair of sockets",
    "fork",
    "take memory as a file",
    "unshare",
}
# What the filter of calls cannot tell from what the libraries do.
PAST_SECCOMP = {
    "read the secrets",
    "read the database",
    "read another's upload",
    "list the uploads",
    "read the parent's environment",
    "read the parent's memory",
}

pytestmark = [
    pytest.mark.skipif(landlock.version() < 6, reason="this kernel has no Landlock of version 6"),
    pytest.mark.skipif(
        sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"),
        reason="there is a list of system calls for Linux on x86_64 and aarch64 only",
    ),
]


@pytest.fixture(scope="module")
def room():
    """A folder that everybody may enter, with the product's sandbox and the attacks on it."""
    with tempfile.TemporaryDirectory() as folder:
        left_out = shutil.ignore_patterns("__pycache__", "__init__.py")
        shutil.copytree(EXTRACTION, Path(folder, "extraction"), ignore=left_out)
        shutil.copytree(Path(__file__).parent / "attacks", Path(folder, "attacks"))
        (Path(folder) / "extraction/child/__init__.py").touch()
        Path(folder).chmod(0o1777)
        yield Path(folder)


@pytest.fixture(params=["this user", "nobody"])
def user(request):
    """Who attacks, and the Python that he may run."""
    if request.param == "this user":
        return {}
    if os.getuid():
        pytest.skip("only root can become somebody else")
    options = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    is_new = "import sys; sys.exit(sys.version_info < (3, 11))"
    for python in (sys.executable, "/usr/bin/python3"):
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            subprocess.run([python, "-c", is_new], check=True, stderr=subprocess.DEVNULL, **options)
            return {"python": python, **options}
    pytest.skip("nobody may not run any Python that is new enough")


def attack(room, layers, *attacks, python=sys.executable, **options):
    """What became of each attack in a child with these layers of its confinement."""
    ended = subprocess.run(
        [python, "-I", room / "attacks/worker.py", room, layers, *attacks],
        stdout=subprocess.PIPE,
        check=True,
        timeout=60,
        **options,
    )
    return json.loads(ended.stdout)


def named(outcomes, wanted):
    return {name for name, outcome in outcomes.items() if outcome == wanted}


def test_nothing_is_reached_from_inside(room, user):
    outcomes = attack(room, "landlock+seccomp", **user)
    assert len(outcomes) > 25
    assert set(outcomes.values()) == {"refused"}


def test_nothing_is_reached_from_inside_a_text_recognition(room):
    outcomes = attack(room, "ocr")
    assert len(outcomes) > 25
    # Debian keeps programs below /usr/lib, which are confined alike: none of these is there.
    assert set(outcomes.values()) == {"refused"}


def test_without_the_confinement_the_same_attacks_succeed(room, user):
    outcomes = attack(room, "none", **user)
    is_root = not (user or os.getuid())
    assert set(outcomes) - named(outcomes, "reached") <= (set() if is_root else PRIVILEGED)


def test_landlock_alone_keeps_files_signals_and_tcp(room):
    outcomes = attack(room, "landlock")
    assert set(outcomes) - named(outcomes, "refused") <= PAST_LANDLOCK


def test_the_filter_alone_keeps_all_but_what_can_be_read(room):
    outcomes = attack(room, "seccomp")
    assert set(outcomes) - named(outcomes, "refused") <= PAST_SECCOMP


UNLISTED = {
    "bpf": (321, 280),
    "io_uring_setup": (425, 425),
    "keyctl": (250, 219),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "setns": (308, 268),
    "open_by_handle_at": (304, 265),
    "pidfd_open": (434, 434),
    "process_vm_writev": (311, 271),
    "clone3": (435, 435),
    "openat2": (437, 437),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "prctl": (157, 167),
    "seccomp": (317, 277),
}


TGKILL = 131 if platform.machine() == "aarch64" else 234


def inside(lines, *, may_exec=False, readable=()):
    """Run these lines within a confinement; their output and exit code."""
    began = (
        "import ctypes, errno, fcntl, mmap, os, resource, sys, threading\n"
        f"sys.path.append({str(EXTRACTION)!r})\n"
        "from child import confinement, linux\n"
        f"confinement.Confinement(memory=1 << 30, cpu_seconds=20, readable={tuple(readable)!r}, "
        f"may_exec={may_exec}).enter()\n"
    )
    return subprocess.run(
        [sys.executable, "-I", "-c", began + lines],
        stdin=subprocess.PIPE,
        capture_output=True,
        text=True,
        timeout=20,
        env={},
    )


@pytest.mark.parametrize("name", UNLISTED)
def test_a_system_call_that_is_not_listed_is_refused(name):
    number = UNLISTED[name][platform.machine() == "aarch64"]
    ended = inside(
        f"try: linux.syscall({number}, 0, 0, 0)\nexcept OSError as e: print(e.errno == errno.EPERM)"
    )
    assert ended.stdout == "True\n"


@pytest.mark.parametrize(
    "lines",
    [
        "fcntl.fcntl(0, fcntl.F_SETOWN, 1)",
        "fcntl.ioctl(0, 0x541B, bytes(4))",  # FIONREAD: works on every pipe
        "resource.setrlimit(resource.RLIMIT_CPU, (1, 1))",
        f"linux.syscall({TGKILL}, os.getppid(), os.getppid(), 0)",
    ],
    ids=["signals by fcntl", "ioctl", "limits", "signals by thread"],
)
def test_a_listed_call_is_refused_with_other_arguments(lines):
    # Python tells a limit that may not be set by an error of its own.
    told = "print(getattr(e, 'errno', errno.EPERM) == errno.EPERM)"
    ended = inside(f"try: {lines}\nexcept (OSError, ValueError) as e: {told}")
    assert ended.stdout == "True\n"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="calls of i386 exist on x86_64 only")
def test_the_calls_of_another_architecture_end_the_process():
    # mov eax, 20 (getpid of i386, but writev in the list of x86_64); int 0x80; ret
    code = bytes.fromhex("b814000000cd80c3")
    ended = inside(
        "page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)\n"
        f"page.write({code!r})\n"
        "start = ctypes.addressof(ctypes.c_char.from_buffer(page))\n"
        "ctypes.CFUNCTYPE(ctypes.c_int)(start)()\nprint('came back')"
    )
    assert "came back" not in ended.stdout
    assert ended.returncode < 0


def test_what_is_readable_is_read_and_nothing_else(tmp_path):
    (tmp_path / "given").mkdir()
    (tmp_path / "given/file").write_text("yes")
    (tmp_path / "kept").write_text("no")
    ended = inside(
        f"print(open({str(tmp_path / 'given/file')!r}).read(), flush=True)\n"
        f"open({str(tmp_path / 'kept')!r})",
        readable=[str(tmp_path / "given")],
    )
    assert ended.stdout == "yes\n"
    assert "PermissionError" in ended.stderr


def test_a_confinement_for_a_program_lets_it_start_and_nothing_more():
    libraries = ["/bin", "/usr/bin", "/lib", "/lib64", "/usr/lib", "/etc/ld.so.cache"]
    read = inside("os.execv('/bin/cat', ['cat', '/usr/bin/env', '/etc/passwd'])", may_exec=True)
    assert "PermissionError" in read.stderr  # Nothing is readable, so nothing is run.
    echo = inside("os.execv('/bin/echo', ['echo', 'ran'])", may_exec=True, readable=libraries)
    assert echo.stdout == "ran\n"
    read = inside("os.execv('/bin/cat', ['cat', '/etc/passwd'])", may_exec=True, readable=libraries)
    assert (read.stdout, read.returncode) == ("", 1)
    shell = "os.execv('/bin/sh', ['sh', '-c', '/bin/echo a; /bin/echo b'])"
    assert inside(shell, may_exec=True, readable=libraries).stdout == ""
    fork = "try: os.fork() or os._exit(0)\nexcept PermissionError: print('refused')"
    assert inside(fork, may_exec=True).stdout == "refused\n"


def test_threads_start_only_where_a_program_may():
    lines = "t = threading.Thread(target=print, args=('ran',)); t.start(); t.join()"
    assert inside(lines, may_exec=True).stdout == "ran\n"
    assert inside(lines).stdout == ""


def test_a_kernel_without_the_locks_is_told_and_no_accident(monkeypatch):
    def unknown(*arguments):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(linux, "syscall", unknown)
    monkeypatch.setattr(linux, "prctl", unknown)
    assert landlock.restrict((), may_exec=False) == 0
    assert seccomp.restrict(may_exec=False) is False


def test_a_machine_without_a_list_gets_no_filter(monkeypatch):
    monkeypatch.setattr(os, "uname", lambda: SimpleNamespace(machine="riscv64"))
    assert seccomp.restrict(may_exec=False) is False
