"""The routes about webhooks."""

from bff.routing import Route
from bff.webhooks import models

ONE = "/api/webhooks/{webhook_id}"

ROUTES: tuple[Route, ...] = (
    Route(method="POST", path="/api/webhooks", function="app_create_webhook", body=models.NewWebhook,
          answer=models.WebhookMade, status=201, problems=(409,), takes_key=True,
          permission="webhooks:insert",
          tag="webhooks", summary="Subscribe to topics; the answer shows the secret, once"),
    Route(method="GET", path="/api/webhooks", function="app_list_webhooks", query=models.WebhookList,
          answer=models.WebhookPage, permission="webhooks:select",
          tag="webhooks", summary="Webhooks of the organisation, newest first"),
    Route(method="GET", path=ONE, function="app_get_webhook", path_model=models.WebhookPath,
          answer=models.Webhook, permission="webhooks:select",
          tag="webhooks", summary="One webhook, and how much waits for it"),
    Route(method="PATCH", path=ONE, function="app_update_webhook", path_model=models.WebhookPath,
          body=models.WebhookChange, answer=models.Webhook, takes_key=True, permission="webhooks:update",
          tag="webhooks", summary="Change where it goes or what it hears of, or switch it off and on"),
    Route(method="DELETE", path=ONE, function="app_delete_webhook", path_model=models.WebhookPath,
          answer=models.WebhookDeleted, takes_key=True, permission="webhooks:delete",
          tag="webhooks", summary="Remove a webhook"),
    Route(method="POST", path=ONE + "/rotate-secret", function="app_rotate_webhook_secret",
          path_model=models.WebhookPath, answer=models.WebhookSecret, takes_key=True,
          permission="webhooks:update",
          tag="webhooks", summary="Give it a new secret; the old one signs as well for a day"),
    Route(method="GET", path=ONE + "/deliveries", function="app_list_webhook_deliveries",
          path_model=models.WebhookPath, query=models.DeliveryList, answer=models.DeliveryPage,
          permission="webhooks:select",
          tag="webhooks", summary="What became of its events; `state=dead` lists what nobody took"),
    Route(method="POST", path=ONE + "/replay", function="app_replay_webhook", path_model=models.WebhookPath,
          body=models.Replay, answer=models.Replayed, takes_key=True, permission="webhooks:update",
          tag="webhooks", summary="Send dead or chosen deliveries again"),
)  # fmt: skip
