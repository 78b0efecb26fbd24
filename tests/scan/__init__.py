"""Tests of reading sheets from photographs, and the photographs they make from seeds."""
