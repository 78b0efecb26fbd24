"""Aggregates and rules of the roster; no I/O, no clock."""
