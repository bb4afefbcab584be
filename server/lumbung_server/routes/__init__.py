"""Turn requests into calls of one service and results into answers; never holds rules, SQL or transactions."""
