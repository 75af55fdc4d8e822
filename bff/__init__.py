"""The HTTP front: checks shapes, calls one `api` function in one transaction, passes the answer on."""
