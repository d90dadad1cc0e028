"""Handing cases on to other desks: mail, Standard Webhooks, Zammad, Zendesk, osTicket."""
