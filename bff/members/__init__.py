"""Members over HTTP: products, databases, cards of staff, and what admins do with records."""
