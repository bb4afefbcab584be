"""What the command `lumbung` says and does for an administrator, one module for each matter."""
