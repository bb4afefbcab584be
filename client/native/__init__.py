"""Decide what goes into the packaged app of Android and iOS.

Building it needs Flutter and happens elsewhere: docs/native.md.
"""
