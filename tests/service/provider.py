"""A stand-in for a company's sign-in: OpenID Connect on loopback with real keys, which can be told to lie."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "desk", "a-secret-of-the-desk"


class Provider:
    """Knows one person at a time, and signs what it says of them."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.person: dict[str, Any] = {"sub": "u-1", "preferred_username": "kim", "name": "Kim Miller", "groups": ["desk"]}
        self.lie: dict[str, Any] = {}
        """Claims that are to be wrong; None leaves one out."""
        self.signed_with = "own"
        """`own`, `foreign` key, `none`, or `hs256` with the public key as secret."""
        self.codes: dict[str, dict[str, str]] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                address = urlsplit(self.path)
                asked = {name: values[0] for name, values in parse_qs(address.query).items()}
                if address.path == "/.well-known/openid-configuration":
                    self._json(provider.metadata())
                elif address.path == "/keys":
                    self._json({"keys": [provider.key.as_dict(private=False)]})
                elif address.path == "/authorize":
                    code = secrets.token_hex(8)
                    provider.codes[code] = asked
                    self.send_response(302)
                    self.send_header("location", f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")
                    self.send_header("content-length", "0")
                    self.end_headers()
                else:
                    self._json({"error": "not found"}, 404)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                asked = {name: values[0] for name, values in parse_qs(body).items()}
                self._json(*provider.token(asked, self.headers.get("authorization", "")))

            def _json(self, told: Any, status: int = 200) -> None:
                body = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002, the name of the base class
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        """Answer."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def metadata(self) -> dict[str, Any]:
        """Return what a provider publishes of itself."""
        ways = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {
            "issuer": self.issuer,
            **{name: f"{self.issuer}/{path}" for name, path in ways.items()},
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def token(self, asked: dict[str, str], authorization: str) -> tuple[dict[str, Any], int]:
        """Change a code for tokens, once, for the client that has the secret and the verifier."""
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        begun = self.codes.pop(asked.get("code", ""), None)
        if authorization != f"Basic {basic}" or begun is None or begun["redirect_uri"] != asked.get("redirect_uri"):
            return {"error": "invalid_grant"}, 400
        digest = base64.urlsafe_b64encode(hashlib.sha256(asked.get("code_verifier", "").encode()).digest()).rstrip(b"=")
        if begun["code_challenge"].encode() != digest or begun["code_challenge_method"] != "S256":
            return {"error": "invalid_grant", "error_description": "PKCE"}, 400
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": begun["nonce"], **self.person}
        claims = {name: value for name, value in {**claims, **self.lie}.items() if value is not None}
        return {"access_token": "x", "token_type": "Bearer", "expires_in": 300, "id_token": self._signed(claims)}, 200

    def _signed(self, claims: dict[str, Any]) -> str:
        # By hand: no library lends itself to these two.
        if self.signed_with == "none":
            return _by_hand({"alg": "none"}, claims, b"")
        if self.signed_with == "hs256":
            return _by_hand({"alg": "HS256", "kid": "one"}, claims, self.key.as_pem(private=False))
        key = RSAKey.generate_key(2048, {"kid": "one"}) if self.signed_with == "foreign" else self.key
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


def _by_hand(head: dict[str, str], claims: dict[str, Any], secret: bytes) -> str:
    def plain(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    signed = ".".join(plain(json.dumps(part).encode()) for part in (head, claims))
    return f"{signed}.{plain(hmac.new(secret, signed.encode(), hashlib.sha256).digest()) if secret else ''}"
