"""Chinese text: spacing of names, stroke order, percentages."""
