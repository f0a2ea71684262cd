"""What keeps a reader of documents in that was taken over by what it reads."""

from __future__ import annotations

from tests.security.mutations.mutation import Body, Condition, Fragment, Mutation, Value, Without

ATTACKS = "tests/extraction/test_confinement.py::"
SANDBOX = "tests/extraction/test_sandbox.py::"
SURVIVORS = "tests/extraction/test_survivors.py::"
HIDDEN = "tests/project/test_hardening.py::may_look_into"

CONFINEMENT = [
    Mutation(
        "a reader reaches no file", "landlock.restrict", Body("return 0"), f"{ATTACKS}from_inside"
    ),
    Mutation(
        "a reader connects nowhere, whatever it calls",
        "landlock._handled",
        Fragment("_BIND_AND_CONNECT_TCP if abi >= 4 else 0", "0"),
        f"{ATTACKS}landlock_alone",
    ),
    Mutation(
        "a reader signals nobody, whatever it calls",
        "landlock._handled",
        Fragment("_ABSTRACT_SOCKETS_AND_SIGNALS if abi >= 6 else 0", "0"),
        f"{ATTACKS}landlock_alone",
    ),
    Mutation(
        "a reader makes listed calls only",
        "seccomp.restrict",
        Body("return False"),
        f"{ATTACKS}from_inside",
    ),
    Mutation(
        "a reader makes no calls of another architecture",
        "seccomp._program",
        Fragment("(_RETURN, 0, 0, _KILL)", "(_RETURN, 0, 0, _ALLOW)"),
        f"{ATTACKS}another_architecture",
    ),
    Mutation(
        "a reader opens nothing to write",
        "syscalls.to_compute",
        Fragment("Call((257, 56), (Condition(4, (0,), _TO_READ),))", "Call((257, 56))"),
        f"{ATTACKS}filter_alone",
    ),
    Mutation(
        "a reader signals nobody by a file",
        "syscalls.to_compute",
        Fragment("Call((72, 25), (Condition(2, _TELLING),))", "Call((72, 25))"),
        f"{ATTACKS}other_arguments",
    ),
    Mutation(
        "a reader controls no device",
        "syscalls.to_compute",
        Fragment("Call((16, 29), (Condition(2, _HARMLESS),))", "Call((16, 29))"),
        f"{ATTACKS}other_arguments",
    ),
    Mutation(
        "a reader sets no limits",
        "syscalls.to_compute",
        Fragment(", Condition(4, (0,)), Condition(5, (0,))", ""),
        f"{ATTACKS}other_arguments",
    ),
    Mutation(
        "a program that reads has no children",
        "syscalls._A_THREAD",
        Value("Condition(0, (0,), 0)"),
        f"{ATTACKS}confinement_for_a_program",
    ),
    Mutation(
        "a reader has no children where no filter says so",
        "Confinement._limit_resources",
        Condition("self.may_exec", always=False),
        f"{SANDBOX}is_confined",
    ),
    Mutation(
        "a reader gains no privileges",
        "Confinement.enter",
        Without("_PR_SET_NO_NEW_PRIVS"),
        f"{SANDBOX}is_confined",
    ),
    Mutation(
        "what a reader leaves behind is ended",
        "survivors.end_after",
        Condition("_adopts", always=False),
        f"{SURVIVORS}forked_twice",
    ),
    Mutation(
        "only what a reader leaves behind is ended",
        "survivors._is_elsewhere",
        Body("return True"),
        f"{SURVIVORS}forked_twice",
    ),
    Mutation(
        "a worker adopts what its readers leave behind",
        "commands.worker.Command.handle",
        Without("survivors.adopt_orphans"),
        f"{SURVIVORS}worker_adopts",
    ),
    Mutation(
        "no reader of this user looks into the web server",
        "atom_project.asgi",
        Without("hide_memory"),
        HIDDEN,
    ),
    Mutation(
        "no reader of this user looks into the worker",
        "command_line.main",
        Without("hide_memory"),
        HIDDEN,
    ),
    Mutation(
        "the doctor tells what keeps a reader in",
        "confinement_doctor.judge",
        Condition("landlock and seccomp", always=True),
        "tests/operations/test_confinement_doctor.py::what_is_missing",
    ),
]
