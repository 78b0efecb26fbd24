"""`python -m services.activities`: the service as a process of its own."""

from services.activities.app import build
from services.activities.settings import Settings
from shared.process.serve import serve

if __name__ == "__main__":
    serve(build, Settings)
