"""Webhooks over HTTP: subscriptions, what became of deliveries, replay. db/worker/webhooks.py sends them."""
