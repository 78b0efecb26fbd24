"""`python -m services.accounts`: accounts as a process of its own."""

from services.accounts.app import build
from services.accounts.settings import Settings
from shared.process.serve import serve

if __name__ == "__main__":
    serve(build, Settings)
