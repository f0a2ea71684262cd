"""A provider of OpenID Connect to sign in at: it signs real tokens, and lies when it is told to."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

CLIENT_ID, CLIENT_SECRET = "atom", "a secret of both: % & +"


class Key:
    def __init__(self, algorithm: str = "RS256") -> None:
        self.algorithm = algorithm
        self.id = secrets.token_hex(4)
        if algorithm == "RS256":
            self.private: Any = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            kind: Any = RSAAlgorithm
        else:
            self.private = ec.generate_private_key(ec.SECP256R1())
            kind = ECAlgorithm
        self.public = kind.to_jwk(self.private.public_key(), as_dict=True)

    def as_jwk(self) -> dict[str, Any]:
        return {**self.public, "kid": self.id, "alg": self.algorithm, "use": "sig"}


class StandIn:
    """Whoever comes is signed in as `person`, at once. What a test changes, holds for that test."""

    def __init__(self) -> None:
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                stand_in.answer(self, {})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                stand_in.answer(self, {name: value[0] for name, value in parse_qs(body).items()})

            def log_message(self, *args: Any) -> None:
                """Nobody reads it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self.key, self.elliptic = Key(), Key("ES256")
        self.reset()
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def reset(self) -> None:
        self.person: dict[str, Any] = {
            "sub": "248289761001",
            "preferred_username": "jane.doe",
            "email": "jane@example.org",
            "email_verified": True,
        }
        self.signs_by = self.key
        self.listed = [self.key, self.elliptic]
        self.says: dict[str, Any] = {}  # of itself, instead of the truth
        self.claims: dict[str, Any] = {}  # in tokens, instead of the truth; None leaves one out
        self.header: dict[str, Any] = {}
        self.forged = ""  # in place of the ID token
        self.userinfo: dict[str, Any] | None = None
        self.fails: dict[str, int] = {}  # path: status
        self.asked: list[str] = []
        self.tokens: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}

    # What it answers.

    def answer(self, request: BaseHTTPRequestHandler, form: dict[str, str]) -> None:
        address = urlsplit(request.path)
        query = {name: value[0] for name, value in parse_qs(address.query).items()}
        self.asked.append(address.path)
        if status := self.fails.get(address.path):
            return self._send(request, {"error": "server_error"}, status)
        if address.path == "/authorize":
            request.send_response(302)
            request.send_header("Location", self._authorize(query))
            request.send_header("Content-Length", "0")
            return request.end_headers()
        answers = {
            "/.well-known/openid-configuration": self._metadata,
            "/jwks": lambda: ({"keys": [each.as_jwk() for each in self.listed]}, 200),
            "/token": lambda: self._token(form, request.headers.get("Authorization", "")),
            "/userinfo": lambda: (self.userinfo or self.person, 200),
            "/end": lambda: ({"signed": "out", **query}, 200),
        }
        return self._send(request, *answers[address.path]())

    def _send(self, request: BaseHTTPRequestHandler, body: Any, status: int = 200) -> None:
        content = json.dumps(body).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    def _metadata(self) -> tuple[dict[str, Any], int]:
        truth = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/end",
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }
        said = {**truth, **self.says}
        return {name: value for name, value in said.items() if value is not None}, 200

    def _authorize(self, query: dict[str, str]) -> str:
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT_ID
        assert "openid" in query["scope"].split()
        assert query["code_challenge_method"] == "S256"
        assert len(query["code_challenge"]) == 43
        code = secrets.token_urlsafe(16)
        self._codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def _token(self, form: dict[str, str], authorization: str) -> tuple[dict[str, Any], int]:
        # Once, whatever comes of it (RFC 6749, 4.1.2).
        asked = self._codes.pop(form.get("code", ""), None)
        if asked is None or form["grant_type"] != "authorization_code":
            return {"error": "invalid_grant"}, 400
        if not self._knows(form, authorization):
            return {"error": "invalid_client"}, 401
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if challenge != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return {"error": "invalid_grant"}, 400
        token = self.forged or self.id_token(nonce=asked["nonce"])
        self.tokens.append(token)
        return {"access_token": "opaque", "token_type": "Bearer", "id_token": token}, 200

    def _knows(self, form: dict[str, str], authorization: str) -> bool:
        if authorization:
            given = base64.b64decode(authorization.removeprefix("Basic ")).decode()
            return given == f"{CLIENT_ID}:{CLIENT_SECRET}"
        return form.get("client_secret") == CLIENT_SECRET

    def id_token(self, *, nonce: str) -> str:
        now = int(time.time())
        truth = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            **self.person,
        }
        said = {**truth, **self.claims}
        claims = {name: value for name, value in said.items() if value is not None}
        headers = {"kid": self.signs_by.id, **self.header}
        return jwt.encode(
            claims,
            self.signs_by.private,
            algorithm=self.signs_by.algorithm,
            headers={name: value for name, value in headers.items() if value is not None},
        )
