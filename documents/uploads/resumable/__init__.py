"""Resumable upload (tus 1.0): a file in pieces, which goes on where it broke off.

What a client was told of is on the disk: the length of the part file is the offset, and it is
synced before anybody hears of it. One request at a time writes to it (a lock of the file, which
holds across processes and ends with them). Whole, it becomes the stored file without being copied.
"""
