"""Turn activities into an Excel file for people who go on working with them. Asks no database and knows no request."""
