"""Decide what is kept on the phone and in what order it becomes durable. Knows no server and no screen."""
