"""Celery nodes on real brokers and a real PostgreSQL: the short form of the fault table."""

import signal
import sys

import pytest

from tests.brokers import servers
from tests.brokers.house import house
from tests.processes import PATIENCE, ROOT, Installation, Running

pytestmark = [pytest.mark.postgres, pytest.mark.long]


@pytest.fixture(params=servers.KINDS)
def broker(request):
    with servers.running(request.param) as started:
        yield started


@pytest.fixture
def redis():
    with servers.running("Redis") as started:
        yield started


def all_once_and_in_order(outcome, number):
    assert (outcome.completed, outcome.twice, outcome.out_of_order) == (number, 0, 0)


def test_nodes_and_workers_share_one_line_whoever_dies_and_whatever_is_lost(broker, tmp_path):
    with house(tmp_path, broker) as line:
        options = ("--seconds", 0.2, "--lose", 0.3, "--lease", 3)
        killed, _, _ = line.node(*options), line.node(*options), line.worker(*options[:2])
        line.upload(60, losing=0.3)
        line.until("claimed_by LIKE 'celery@%'", 1)
        line.until("claimed_by <> '' AND claimed_by NOT LIKE 'celery@%'", 1)
        killed.process.kill()
        line.until("status = 'completed'", 60)
        all_once_and_in_order(line.outcome(), 60)


HEARTBEATS = "SELECT name FROM documents_workerheartbeat"


@pytest.mark.parametrize("name", [(), ("--hostname", "one@here")], ids=["unnamed", "same name"])
def test_two_nodes_on_one_host_both_live(name, broker, tmp_path):
    """RabbitMQ gave the queue of commands to the first of a name, and Celery ended the second."""
    with house(tmp_path, broker) as line:
        for _ in range(2):
            line.node("--seconds", 0.2, *name)
        line.upload(60)
        line.until("status = 'completed'", 60)
        all_once_and_in_order(line.outcome(), 60)
        assert len(line.ask(HEARTBEATS)) == 2


def test_what_waits_while_the_broker_is_away_is_done_all_the_same(redis, tmp_path):
    with house(tmp_path, redis) as line:
        redis.kill()
        line.upload(10)
        assert "does not answer" in line.installation.manage("doctor").stdout
        redis.start()
        line.node()
        line.until("status = 'completed'", 10)
        all_once_and_in_order(line.outcome(), 10)
        said = line.installation.manage("doctor").stdout
        assert f"Redis at 127.0.0.1:{redis.port}) answers; 0 kicks lie there." in said
        assert "1 Celery nodes are running." in said


def test_a_node_whose_broker_dies_works_without_it(redis, tmp_path):
    with house(tmp_path, redis) as line:
        node = line.node("--seconds", 0.1)
        redis.kill()
        line.upload(30)
        line.until("status = 'completed'", 30)
        all_once_and_in_order(line.outcome(), 30)
        node.process.send_signal(signal.SIGTERM)
        assert node.process.wait(PATIENCE) == 0


def test_kicks_that_nobody_takes_do_not_grow(broker, tmp_path):
    with house(tmp_path, broker) as line:
        line.upload(240)
        said = line.installation.manage("doctor").stdout
        assert "200 kicks lie there." in said
        assert "no Celery node is running" in said


def test_a_node_that_is_told_to_end_gives_back_what_it_cannot_finish(redis, tmp_path):
    with house(tmp_path, redis) as line:
        node = line.node("--seconds", 60)
        line.upload(2)
        line.until("status = 'analyzing'", 2)
        node.process.send_signal(signal.SIGTERM)
        assert node.process.wait(PATIENCE) == 0
        assert line.count("status = 'pending' AND lease_expirations = 0") == 2
        assert line.ask(HEARTBEATS) == []


def test_a_node_that_is_told_to_end_finishes_what_it_can(redis, tmp_path):
    with house(tmp_path, redis) as line:
        node = line.node("--seconds", 2)
        line.upload(2)
        line.until("status = 'analyzing'", 2)
        node.process.send_signal(signal.SIGTERM)
        assert node.process.wait(PATIENCE) == 0
        all_once_and_in_order(line.outcome(), 2)


@pytest.mark.parametrize("option", ["--pool=processes", "--pool=solo", "--autoscale=4,1"])
def test_other_pools_are_refused_in_a_sentence(option, redis, tmp_path):
    with house(tmp_path, redis) as line:
        refused = line.installation.program("celery_node", option)
        try:
            assert refused.wait() == 1
            refused.wait_for("needs a pool of threads that stay")
        finally:
            refused.end()


def test_the_usual_command_of_celery_starts_a_node(redis, tmp_path):
    with house(tmp_path, redis) as line:
        command = [sys.executable, "-m", "celery", "-A", "atom_project", "worker"]
        node = Running(command, env=line.installation.environment, cwd=ROOT)
        try:
            node.wait_for("is ready with 4 slots")
            line.upload(3)
            line.until("status = 'completed'", 3)
        finally:
            node.process.send_signal(signal.SIGTERM)
            with_code = node.process.wait(PATIENCE)
            node.end()
        assert with_code == 0


def test_a_sqlite_file_with_a_broker_is_refused_in_a_sentence(tmp_path):
    servers.celery_or_skip()
    alone = Installation(tmp_path, ATOM_BROKER_URL="redis://127.0.0.1:6379/9")
    refused = alone.manage("check")
    assert refused.returncode
    assert "but a SQLite file serves one only" in refused.stderr
