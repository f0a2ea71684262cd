"""Programs of the tests of confinement: a worker, and a reader in it that was taken over."""
