"""Route of what is due."""

from services.activities.handlers.due import due, due_for_office
from services.activities.routes.roles import READERS
from shared.endpoints.due import due_route

list_due = due_route(due, READERS, office=due_for_office)
