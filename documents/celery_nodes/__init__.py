"""Celery nodes: workers whose slots are the threads of a Celery process (extra `celery`)."""
