"""Phones, a server and a hostile network in one process on fake time. Decides what happens; judges, never merges."""
