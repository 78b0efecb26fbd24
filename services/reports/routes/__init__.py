"""The service's HTTP door: parse, call one use case, answer. `app.py` lists what stands here."""
