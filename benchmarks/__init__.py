"""How fast each path is beside a peer measured in the same run. Prints ratios and never asserts on time."""
