"""What of the device needs Flet: network changes and location, handed on as plain values."""
