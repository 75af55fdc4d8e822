"""Users, the audit trail and notifications over HTTP: people, what they did, what they are told."""
