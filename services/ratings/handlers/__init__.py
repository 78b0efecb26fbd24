"""The use cases of rating: one function each; what it writes and announces goes through its unit of work."""
