"""Use cases of the service, one function each; writes and events go through the unit of work."""
