"""A run of tests that is interrupted, and what it leaves running."""
