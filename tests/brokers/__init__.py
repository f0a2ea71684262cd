"""Kicks and Celery nodes: small tests here, and the fault table, `make celery-faults`."""
