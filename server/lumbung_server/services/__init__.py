"""Decide what becomes of a request; one call is one transaction (a sync: one per home). Never knows of HTTP or SQL."""
