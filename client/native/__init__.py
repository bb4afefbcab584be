"""Decide what goes into the packaged app of Android and iOS. It is built elsewhere: that needs Flutter (docs/native.md)."""
