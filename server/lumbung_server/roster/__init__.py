"""Read a roster and decide what it would change. Knows neither requests nor the database, and stores nothing."""
