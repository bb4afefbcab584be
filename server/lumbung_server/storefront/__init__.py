"""Write the public pages of the product catalogue. Knows neither requests nor the database; every text is escaped."""
