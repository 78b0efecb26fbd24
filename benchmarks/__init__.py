"""Benchmarks: the speed of each path as a ratio to a peer measured in the same run. They never assert on time."""
