"""The Celery application, found by `celery -A atom_project worker`; see docs/scaling.md.

Celery brings kicks to machines, and nothing else: order, state, recovery and money stay in the
row of the document, so that a lost or doubled message is harmless.
"""

from __future__ import annotations

import os

from celery import Celery
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atom_project.settings")

from django.conf import settings

from atom_project import addresses

_broker = addresses.broker(settings.ATOM_BROKER_URL)

app = Celery("atom", broker=_broker.url, include=["documents.celery_nodes.process"])
app.conf.update(
    task_queues=[Queue(_broker.queue, routing_key=_broker.queue)],
    task_default_queue=_broker.queue,
    task_default_routing_key=_broker.queue,
    # What is lost is found by the next look of a node, so nothing is written to a disk for it.
    task_default_delivery_mode="transient",
    # Acknowledged before it runs: late acknowledgements come a second time after the visibility
    # timeout of Redis, however the first one fares (celery/celery#5935).
    task_acks_late=False,
    task_ignore_result=True,
    # RabbitMQ would refuse the queue of commands to a second node of one name, and to a node that
    # comes back before the broker has missed its old connection; Celery ends at that. Durable
    # instead, until ten seconds after its node: what is neither is refused from RabbitMQ 4.3 on.
    control_queue_exclusive=False,
    control_queue_durable=True,
    accept_content=["json"],
    # A slot waits for the model most of the time. And the children that read documents die with
    # the thread that made them, so it has to be a pool whose threads stay; see `process.begin`.
    worker_pool="threads",
    worker_concurrency=settings.WORKER_SLOTS,
    worker_prefetch_multiplier=1,
    # ATOM's lines are JSON, and those of Celery's tasks tell of kicks, not of documents.
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
)
