"""Use cases of the ratings service, one function each; writes and events go through the unit of work."""
