"""The HTTP door of the activities service: parse, call one use case, answer. `app.py` lists what stands here."""
