"""Aggregates and rules: attendance, quorum, deadlines, handling of suggestions. No I/O, no clock."""
