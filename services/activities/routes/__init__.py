"""HTTP routes of the activities service: each parses a request, calls one use case and responds. `app.py` lists
them."""
