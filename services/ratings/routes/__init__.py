"""HTTP routes of the ratings service: each parses a request, calls one use case and responds. `app.py` lists them."""
