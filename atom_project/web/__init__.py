"""One web process: which thread answers a request, and who has to wait for one."""
