"""What runs inside the sandbox: one process per PDF, which knows neither Django nor ATOM."""
