"""What a reader of documents would try that was taken over; one line tells each attempt's end.

Started by `sandbox.run` in the place of the child. `reached` says that an attempt succeeded,
`refused` that the kernel forbade it; anything else is told in full and is neither.
"""

import ctypes
import errno
import json
import os
import signal
import socket
import sys

job = json.loads(sys.argv[1])
sys.path.append(job["extraction"])

from child import confinement, landlock, linux, seccomp  # noqa: E402

libc = ctypes.CDLL(None, use_errno=True)
at, parent = job["targets"], job["parent"]


def call(function, *arguments):
    if function(*arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")


def system_call(number, *arguments):
    linux.syscall(number, *arguments)


def read(path):
    with open(path, "rb") as file:
        assert file.read(1)


def read_memory():
    with open(f"/proc/{parent}/maps") as maps:
        start = int(maps.readline().partition("-")[0], 16)
    with open(f"/proc/{parent}/mem", "rb", buffering=0) as memory:
        memory.seek(start)
        assert memory.read(4) == b"\x7fELF"


def write(path, flags=os.O_CREAT):
    os.close(os.open(path, os.O_WRONLY | flags, 0o600))


def truncate():
    os.truncate(at["file"], 3)


def chmod():
    os.chmod(at["file"], 0o644)


def rename():
    os.rename(at["file"], at["file"] + ".moved")
    os.rename(at["file"] + ".moved", at["file"])


def connect(family, kind, address):
    with socket.socket(family, kind) as one:
        one.connect(address)


def listen():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()


def fork():
    if not (child := os.fork()):
        os._exit(0)
    os.waitpid(child, 0)


def run_program():
    if os.spawnv(os.P_WAIT, "/bin/true", ["true"]):
        raise PermissionError(errno.EACCES, "It was not run")


def signal_parent():
    os.kill(parent, signal.SIGURG)  # Which it ignores, where it comes through.


def trace_parent():
    call(libc.ptrace, 0x4206, parent, None, None)  # PTRACE_SEIZE, over when this process ends
    os.kill(os.getpid(), 0)


def mount():
    call(libc.mount, b"none", at["folder"].encode(), b"tmpfs", ctypes.c_ulong(0), None)
    call(libc.umount2, at["folder"].encode(), 2)


def unshare():
    call(libc.unshare, 0x10000000)  # CLONE_NEWUSER


def become_a_program():
    line = json.dumps({"attack": "exec", "outcome": "reached"}) + '\n{"end": true}'
    os.execv("/bin/echo", ["echo", line])


ATTACKS = {
    "read the secrets": lambda: read(at["secrets"]),
    "read the database": lambda: read(at["database"]),
    "read another's upload": lambda: read(at["upload"]),
    "list the uploads": lambda: os.listdir(at["folder"]),
    "read the parent's environment": lambda: read(f"/proc/{parent}/environ"),
    "read the parent's memory": read_memory,
    "overwrite a file": lambda: write(at["file"], 0),
    "make a file in /tmp": lambda: write(at["new"]),
    "make a folder": lambda: os.mkdir(at["new"] + ".folder"),
    "truncate a file": truncate,
    "rename a file": rename,
    "change a mode": chmod,
    "link to a file": lambda: os.symlink(at["secrets"], at["new"] + ".link"),
    "delete a file": lambda: os.unlink(at["doomed"]),
    "connect by TCP": lambda: connect(socket.AF_INET, socket.SOCK_STREAM, tuple(at["tcp"])),
    "listen by TCP": listen,
    "connect by UDP": lambda: connect(socket.AF_INET, socket.SOCK_DGRAM, tuple(at["tcp"])),
    "connect to a socket file": lambda: connect(socket.AF_UNIX, socket.SOCK_STREAM, at["unix"]),
    "connect to an abstract socket": lambda: connect(
        socket.AF_UNIX, socket.SOCK_STREAM, "\0" + at["abstract"]
    ),
    "a pair of sockets": socket.socketpair,
    "fork": fork,
    "run a program": run_program,
    "send the parent a signal": signal_parent,
    "trace the parent": trace_parent,
    "take memory as a file": lambda: os.memfd_create("x"),
    "mount": mount,
    "unshare": unshare,
    "exec": become_a_program,  # The last: nothing comes after it.
}


def enter(layers):
    if layers == ["landlock", "seccomp"]:
        memory, seconds = job["memory"], job["cpu_seconds"]
        confinement.Confinement(memory=memory, cpu_seconds=seconds).enter()
    elif layers:
        linux.prctl(38, 1)  # PR_SET_NO_NEW_PRIVS
        [layer] = layers
        {"landlock": lambda: landlock.restrict((), may_exec=False),
         "seccomp": lambda: seccomp.restrict(may_exec=False)}[layer]()  # fmt: skip


def outcome(attack):
    try:
        attack()
    except OSError as error:
        refused = error.errno in (errno.EPERM, errno.EACCES)
        return "refused" if refused else f"{error.errno} {error.strerror}"
    except Exception as error:
        return repr(error)
    return "reached"


if job["layers"] != ["ocr"]:  # There, this program was entered confined.
    confinement.die_with(parent)
    enter(job["layers"])
for name in job["attacks"] or ATTACKS:
    print(json.dumps({"attack": name, "outcome": outcome(ATTACKS[name])}), flush=True)
print('{"end": true}', flush=True)
