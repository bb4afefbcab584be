"""Screens as functions of state. Raises intents to the session; never touches store or network."""
