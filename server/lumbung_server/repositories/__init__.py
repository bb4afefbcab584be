"""Say in SQL what services ask for, scoped to the regions they name. Never commits, never knows of HTTP."""
