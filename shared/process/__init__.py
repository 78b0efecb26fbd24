"""The process of a service: its definition, start, HTTP server, supervision and shutdown."""
