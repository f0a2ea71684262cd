"""What a broker that is down, slow or somebody else's may do."""

from __future__ import annotations

from tests.security.mutations.mutation import Condition, Fragment, Mutation

BROKERS = [
    Mutation(
        "no line quotes the address of a broker, which holds its password",
        "Kicker._rest",
        Fragment("type(error).__name__", "error"),
        "tests/brokers/test_kicks.py::after_a_failure",
    ),
    Mutation(
        "a dead broker is left alone for a while",
        "Kicker.kick",
        Condition("_paused_until", always=False),
        "tests/brokers/test_kicks.py::after_a_failure",
    ),
    Mutation(
        "kicks that nobody takes do not grow",
        "Sender.send",
        Fragment("min(more, kicks.MOST - there)", "more"),
        "tests/brokers/test_nodes.py::do_not_grow",
    ),
    Mutation(
        "who waits for a broker that is silent gives up",
        "broker.connection",
        Fragment("_NO_WAITS.get(asked.transport.driver_type, {})", "{}"),
        "tests/brokers/test_kicks.py::given_up_within_seconds",
    ),
]
