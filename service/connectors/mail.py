"""Mail by SMTP: the honest minimum, which every other desk understands; one Message-ID for all tries."""

from __future__ import annotations

import smtplib
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.connectors.letter import mail_of, notice_of
from service.connectors.outcome import Later, Notice, Outcome, Parcel, Refused, Sent, Standing

if TYPE_CHECKING:
    from email.message import EmailMessage

    from service.connectors.targets import MailTarget

STILL_BUSY = 60.0


@dataclass(frozen=True)
class Mail:
    """One mailbox, reached by one mail server."""

    target: MailTarget
    password: str = ""
    context: ssl.SSLContext | None = None
    reads_back: bool = False

    def deliver(self, parcel: Parcel, now: int) -> Outcome:  # noqa: ARG002, a mail bears the moment of its case
        """Hand the case to the server as a mail; 4xx is later, 5xx is never."""
        return self._send(mail_of(parcel, self.target.sender, self.target.to, parcel.case.accepted_at))

    def tell(self, notice: Notice, now: int) -> Outcome:  # noqa: ARG002, a mail bears the moment of its event
        """Hand an event that is no case to the server as a mail."""
        return self._send(notice_of(notice, self.target.sender, self.target.to))

    def _send(self, mail: EmailMessage) -> Outcome:
        try:
            server = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            return Later(f"{self.target.host}: {_words(error)}", everyone=True)
        # A server that says a word now and then would pass the time-out of every single one.
        limit = threading.Timer(3 * self.target.seconds, _cut, [server])
        limit.daemon = True
        limit.start()
        try:
            if self.target.user:
                server.login(self.target.user, self.password)
            server.send_message(mail, self.target.sender, [self.target.to])
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
            return Later(f"{self.target.host} lets nobody in by that name and password ({_words(error)})", everyone=True)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
            return _judged(self.target.host, error)
        except (OSError, smtplib.SMTPException) as error:
            return Later(f"{self.target.host}: {_words(error)}", STILL_BUSY)
        finally:
            # The mail is taken or not: what the server says to our goodbye changes nothing.
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            limit.cancel()
            server.close()
        return Sent(str(mail["Message-ID"]))

    def look(self, their_id: str) -> Standing | Later:
        """Nobody can be asked."""
        return Later(f"{their_id}: a mail tells nothing back")

    def _connected(self) -> smtplib.SMTP:
        told = self.target
        # Reading all certificates takes a while: only where one is looked at.
        context = None if told.tls == "no" else self.context or ssl.create_default_context()
        # Without a name of its own smtplib would ask DNS for this machine's, and wait for that.
        name = told.sender.rpartition("@")[2]
        if told.tls == "yes":
            return smtplib.SMTP_SSL(told.host, told.port, name, timeout=told.seconds, context=context)
        server = smtplib.SMTP(told.host, told.port, name, timeout=told.seconds)
        if told.tls == "starttls":
            try:
                server.starttls(context=context)
            except (OSError, smtplib.SMTPException):
                server.close()
                raise
        return server


def _cut(server: smtplib.SMTP) -> None:
    with suppress(OSError, AttributeError):
        server.sock.shutdown(2)  # type: ignore[union-attr]  # None once it is closed, which is fine too


def _judged(host: str, error: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> Later | Refused:
    told = next(iter(error.recipients.values())) if isinstance(error, smtplib.SMTPRecipientsRefused) else (error.smtp_code,)
    code = told[0]
    if 500 <= code < 600:
        return Refused(f"{host} refused the mail: {code}")
    # 421 closes the line for everybody, 45x are this mail's own.
    return Later(f"{host}: {code}, not now", everyone=code == 421)


def _words(error: Exception) -> str:
    code = getattr(error, "smtp_code", None)
    return str(code) if code else getattr(error, "strerror", None) or type(error).__name__
