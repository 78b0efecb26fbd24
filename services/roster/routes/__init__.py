"""HTTP routes of the roster service: each parses a request, calls one use case and responds. `app.py` lists them."""
