"""Live updates: from the event log to every open stream."""
