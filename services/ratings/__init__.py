"""The ratings service 测评: how voters rated their deputies; only aggregates leave it."""
