"""Uploads: what comes in, judged, stored and queued."""
