"""`python -m services.ratings`: the ratings as a process of its own."""

from services.ratings.app import build
from services.ratings.settings import Settings
from shared.process.serve import serve

if __name__ == "__main__":
    serve(build, Settings)
