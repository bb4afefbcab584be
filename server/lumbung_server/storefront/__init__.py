"""Write the public pages: of the product catalogue, and those that confirm a receipt.

Knows neither requests nor the database; every text is escaped.
"""
