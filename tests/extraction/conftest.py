"""Reading a file the way the worker does, and watching what it leaves behind."""

import os
from pathlib import Path

import pytest

from documents.pipeline.extraction import UnreadableFile, read_document

PDF = "application/pdf"
TEXT = "text/plain"


# Servers that tests of other folders keep running meanwhile.
_others: set[int] = set()


def children():
    """The ids of the children this test has started, zombies included."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid() and int(stat.parent.name) not in _others:
            found.append(int(stat.parent.name))
    return found


def open_pipes():
    links = Path("/proc/self/fd").glob("*")
    return sum(link.is_fifo() for link in links)


@pytest.fixture(autouse=True)
def nothing_left_behind():
    """No test of this folder may leave a child, a zombie or an open pipe."""
    _others.clear()
    _others.update(children())
    pipes = open_pipes()
    yield
    assert (children(), open_pipes()) == ([], pipes)


@pytest.fixture
def read():
    def read_(data, content_type=PDF, **options):
        options.setdefault("on_page", lambda done, total: None)
        return read_document(data, content_type, **options)

    return read_


@pytest.fixture
def outcome(read):
    """The failure code a file ends in, or None."""

    def outcome_(data, content_type=PDF, **options):
        try:
            read(data, content_type, **options)
        except UnreadableFile as unreadable:
            return unreadable.failure.code
        return None

    return outcome_
