"""Use cases: one function each; writes and events go through its unit of work."""
