"""From question to person and back: messages, the kiosk's outbox, the service desk."""
