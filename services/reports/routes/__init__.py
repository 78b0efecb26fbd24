"""HTTP routes: parse, call one use case, answer. `app.py` lists them."""
