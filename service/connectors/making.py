"""From a target of routes.yml to the connector that speaks with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.connectors.http import Http
from service.connectors.mail import Mail
from service.connectors.osticket import OsTicket
from service.connectors.targets import MailTarget, OsTicketTarget, WebhookTarget, ZammadTarget, ZendeskTarget
from service.connectors.webhook import Webhook
from service.connectors.zammad import Zammad
from service.connectors.zendesk import Zendesk
from service.webhooks import read_secret

if TYPE_CHECKING:
    from service.connectors.config import Routes
    from service.connectors.outcome import Connector
    from service.connectors.targets import Target


def connectors_of(routes: Routes) -> dict[str, Connector]:
    """Make a connector for every target."""
    return {name: connector_of(target, routes.secrets.get(name, ())) for name, target in routes.targets.items()}


def connector_of(target: Target, secrets: tuple[str, ...]) -> Connector:
    """Make the connector of one target; its secrets were read and checked with the file."""
    secret = secrets[0] if secrets else ""
    match target:
        case MailTarget():
            return Mail(target, secret)
        case WebhookTarget():
            return Webhook(_http(target), tuple(read_secret(one) for one in secrets), target.content == "thin")
        case ZammadTarget():
            return Zammad(_http(target), secret, target.group, target.without_mail)
        case ZendeskTarget():
            return Zendesk(_http(target), target.user, secret, target.group, target.tags, target.without_mail)
        case OsTicketTarget():
            to = target.to if target.by == "mail" and target.to else ""
            return OsTicket(_http(target), secret, target.without_mail, to, target.topic)
        case _:
            raise TypeError(f"no connector for {type(target).__name__}")


def _http(target: WebhookTarget | ZammadTarget | ZendeskTarget | OsTicketTarget) -> Http:
    return Http(target.url, target.internal, target.seconds)
