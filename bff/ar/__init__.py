"""Money over HTTP: invoices, payments, what is outstanding."""
