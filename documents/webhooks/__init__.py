"""Webhooks: the event log is the outbox, and a deliverer posts what lies after each cursor."""
