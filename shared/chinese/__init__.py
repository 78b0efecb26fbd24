"""What is peculiar to Chinese text: names, stroke order, percentages."""
