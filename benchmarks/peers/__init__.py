"""What the project is measured against: the same work done the usual way with the usual libraries."""
