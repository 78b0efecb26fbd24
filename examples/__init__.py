"""Example data: one year of a town as tables, the workbooks built from them, and descriptions of their columns."""
