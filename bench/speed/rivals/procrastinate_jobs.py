"""procrastinate on PostgreSQL: `prepare`, `worker JOBS`, `serve`, `ask COUNT`. Needs no Django."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time

import procrastinate

PAUSE = 0.2  # seconds between jobs that are each taken at once

app = procrastinate.App(
    connector=procrastinate.PsycopgConnector(conninfo=os.environ["DATABASE_URL"])
)


@app.task(name="no_op")
async def no_op(number: int) -> None:
    pass


@app.task(name="told")
async def told(number: int) -> None:
    print(number, time.monotonic(), flush=True)


async def worker(jobs: int) -> None:
    await no_op.batch_defer_async(*({"number": number} for number in range(jobs)))
    wall, cpu = time.perf_counter(), time.process_time()
    await app.run_worker_async(wait=False, concurrency=1, install_signal_handlers=False)
    seconds = time.perf_counter() - wall
    spent = 1000 * (time.process_time() - cpu) / jobs
    print(json.dumps({"rate": jobs / seconds, "cpu": spent}), flush=True)


async def ask(count: int) -> None:
    for number in range(count):
        await told.defer_async(number=number)
        print(number, time.monotonic(), flush=True)
        await asyncio.sleep(PAUSE)


async def main(role: str, count: str = "0") -> None:
    async with app.open_async():
        if role == "prepare":
            await app.schema_manager.apply_schema_async()
        elif role == "worker":
            await worker(int(count))
        elif role == "ask":
            await ask(int(count))
        else:
            print("ready", flush=True)
            await app.run_worker_async(concurrency=1, install_signal_handlers=False)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
