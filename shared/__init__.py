"""Generic mechanisms of the services, without terms of the domain."""
