"""What runs beside requests, as the log-in `pgcrm_worker`: the dispatcher of events, jobs, who listens,
and who posts to webhooks.

No HTTP is served here: the BFF and `pgcrm jobs run` only start it. What is sent, what is due and who may
work is decided by functions in the database (design §8).
"""

from db.worker.listener import Listener
from db.worker.runner import Runner, Work
from db.worker.webhooks import Sender

__all__ = ["Listener", "Runner", "Sender", "Work"]
