"""A process around services: what a service is made of, how it starts, serves and stops."""
