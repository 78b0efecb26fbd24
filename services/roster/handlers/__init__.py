"""The use cases: one function each; what it writes and announces goes through its unit of work."""
