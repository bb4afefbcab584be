"""Decide what to send, when, and what an answer means for the store. Knows no screen and no platform."""
