"""The HTTP door of the ratings service: parse, call one use case, answer. `app.py` lists what stands here."""
