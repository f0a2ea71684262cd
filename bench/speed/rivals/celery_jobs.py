"""Celery with Redis (`BENCH_REDIS`): `worker JOBS`, `serve`, `ask COUNT`. Needs no Django.

Acknowledged late and one at a time, as work that must not be lost has to be; Redis keeps no
history of a job, only its last state.
"""

from __future__ import annotations

import json
import os
import sys
import time

from celery import Celery, signals

PAUSE = 0.2  # seconds between tasks that are each taken at once

app = Celery("bench", broker=os.environ["BENCH_REDIS"], backend=os.environ["BENCH_REDIS"])
app.conf.update(
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    worker_enable_remote_control=False,
    worker_redirect_stdouts=False,
)


@app.task(name="no_op")
def no_op(number: int) -> None:
    pass


@app.task(name="told")
def told(number: int) -> None:
    print(number, time.monotonic(), flush=True)


def worker(jobs: int) -> None:
    """From the end of the first task to that of the last, so that no start is counted."""
    for number in range(jobs + 1):
        no_op.delay(number)
    ended: list[tuple[float, float]] = []

    @signals.task_postrun.connect(weak=False)
    def note(**_: object) -> None:
        ended.append((time.perf_counter(), time.process_time()))
        if len(ended) > jobs:
            seconds, cpu = (ended[-1][index] - ended[0][index] for index in (0, 1))
            print(json.dumps({"rate": jobs / seconds, "cpu": 1000 * cpu / jobs}), flush=True)
            os._exit(0)

    run()


def run() -> None:
    options = {"without_gossip": True, "without_mingle": True, "quiet": True}
    app.Worker(pool="solo", loglevel="ERROR", **options).start()


def main(role: str, count: str = "0") -> None:
    if role == "worker":
        worker(int(count))
    elif role == "ask":
        for number in range(int(count)):
            told.delay(number)
            print(number, time.monotonic(), flush=True)
            time.sleep(PAUSE)
    else:
        signals.worker_ready.connect(lambda **_: print("ready", flush=True), weak=False)
        run()


if __name__ == "__main__":
    main(*sys.argv[1:])
