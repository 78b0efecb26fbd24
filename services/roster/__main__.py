"""`python -m services.roster`: the roster as a process of its own."""

from services.roster.app import build
from services.roster.settings import Settings
from shared.process.serve import serve

if __name__ == "__main__":
    serve(build, Settings)
