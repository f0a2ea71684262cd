"""What belongs to the service as a whole: settings, the server, logs, errors."""

__version__ = "0.1.0"  # As in pyproject.toml, which an image lacks.
