"""Use cases of the roster, one function each; writes and events go through the unit of work."""
