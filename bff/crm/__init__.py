"""The CRM flow over HTTP: leads on their way, prospects, activities, customers, search."""
