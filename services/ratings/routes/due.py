"""Route of what is due."""

from services.ratings.handlers.due import due
from shared.endpoints.due import due_route
from shared.http import EVERYONE

list_due = due_route(due, EVERYONE)
