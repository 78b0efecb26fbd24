"""Requests and responses of the roster. Only what identifies and dates a record is required."""
