"""Attendance, quorum, deadlines, the life of a suggestion: rules without input, output or clock."""
