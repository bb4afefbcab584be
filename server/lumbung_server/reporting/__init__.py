"""Turn what a month brought into a report to hand in, as PDF and Excel file. Asks no database, knows no request."""
