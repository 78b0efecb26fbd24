"""Peers of the benchmarks: the same work done in the usual way with common libraries."""
