"""Who is a deputy, on any date: rules without input, output or clock."""
