"""One module per screen. Each draws the session's state and raises intents; none keeps data of its own."""
