"""Google and Apple as servers on loopback: one key each, and whatever a test wants them to sign."""

import json
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import RSAAlgorithm
from oauthlib.oauth2.rfc6749.grant_types.authorization_code import code_challenge_method_s256

from accounts.providers import apple, google

HOUR = 3600


def later(seconds):
    return int(time.time()) + seconds


class House:
    """Publishes one key, asks people, trades codes; can be switched off, and counts who asks."""

    name: str
    issuer: str
    web: str
    phone: str

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.reset()

    def reset(self):
        self.status, self.max_age, self.asked = 200, 19000, 0
        self.codes = {}
        self.body = json.dumps({"keys": [self.published("k1")]})

    def published(self, key_id):
        return {
            **json.loads(RSAAlgorithm.to_jwk(self.key.public_key())),
            "kid": key_id,
            "alg": "RS256",
            "use": "sig",
        }

    def token(self, key=None, kid="k1", alg="RS256", **changed):
        return jwt.encode(self.claims(**changed), key or self.key, alg, headers={"kid": kid})

    def claims(self, **changed):
        now = int(time.time())
        usual = {
            "iss": self.issuer,
            "aud": self.web,
            "sub": "1077",
            "email": "a@mail.example",
            "iat": now,
            "nonce": "n1",
            "jti": str(time.perf_counter_ns()),
            **self.usual_claims(now),
        }
        return {name: value for name, value in {**usual, **changed}.items() if value is not None}

    def consent(self, url, **told):
        """What the browser brings back from the page at `url`, whose person agrees."""
        asked = dict(parse_qsl(urlsplit(url).query))
        code = token_urlsafe(24)
        self.codes[code] = (asked, told)
        return {"code": code, "state": asked["state"]}

    def exchange(self, said):
        """The token endpoint: status and body."""
        if said["client_id"] != self.web or not self.knows(said["client_secret"]):
            return 401, {"error": "invalid_client"}
        asked, told = self.codes.pop(said["code"], ({}, {}))
        same_place = asked.get("redirect_uri") == said["redirect_uri"]
        if not same_place or not code_challenge_method_s256(
            said.get("code_verifier", ""), asked["code_challenge"]
        ):
            return 400, {"error": "invalid_grant"}
        claims = {"nonce": asked["nonce"], **told}
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": self.token(**claims)}

    def public_pem(self):
        return self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


class Google(House):
    name = "google"
    issuer = "https://accounts.google.com"
    web = "web.apps.googleusercontent.com"
    phone = "android.apps.googleusercontent.com"
    module = google
    tells = ("A B", "https://lh3.example/a.png")

    def usual_claims(self, now):
        return {
            "azp": self.web,
            "email_verified": True,
            "name": "A B",
            "picture": "https://lh3.example/a.png",
            "exp": now + HOUR,
        }

    def knows(self, secret):
        return secret == "google's secret"

    def settings(self):
        return {
            "GOOGLE_CERTS_URL": self.url,
            "GOOGLE_AUTHORIZE_URL": self.url,
            "GOOGLE_TOKEN_URL": self.url,
            "GOOGLE_CLIENT_SECRET": "google's secret",
            "GOOGLE_ISSUERS": [self.issuer, "accounts.google.com"],
            "GOOGLE_CLIENT_ID": self.web,
            "GOOGLE_WEB_CLIENT_IDS": [self.web],
            "GOOGLE_MOBILE_CLIENT_IDS": [self.phone, self.web],
        }


class Apple(House):
    name = "apple"
    issuer = "https://appleid.apple.com"
    web = "kz.leema.web"
    phone = "kz.leema.app"
    module = apple
    tells = ("", "")

    def usual_claims(self, now):
        """A day long, without azp, name and picture, and with truth as text."""
        return {"email_verified": "true", "exp": now + 24 * HOUR, "nonce_supported": True}

    def __init__(self):
        super().__init__()
        self.ours = ec.generate_private_key(ec.SECP256R1())

    def knows(self, secret):
        """Whether it is a statement of ours, as Apple describes it."""
        try:
            claims = jwt.decode(
                secret,
                self.ours.public_key(),
                algorithms=["ES256"],
                audience=self.issuer,
                issuer="TEAM",
                options={"require": ["iss", "iat", "exp", "aud", "sub"]},
            )
        except jwt.PyJWTError:
            return False
        named = jwt.get_unverified_header(secret).get("kid") == "KEY"
        return named and claims["sub"] == self.web and claims["exp"] - claims["iat"] < 180 * 86400

    def private_pem(self):
        """What Apple lets a developer download once, as a .p8 file."""
        return self.ours.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()

    def settings(self):
        return {
            "APPLE_KEYS_URL": self.url,
            "APPLE_AUTHORIZE_URL": self.url,
            "APPLE_TOKEN_URL": self.url,
            "APPLE_TEAM_ID": "TEAM",
            "APPLE_KEY_ID": "KEY",
            "APPLE_PRIVATE_KEY": self.private_pem(),
            "APPLE_ISSUER": self.issuer,
            "APPLE_CLIENT_ID": self.web,
            "APPLE_WEB_CLIENT_IDS": [self.web],
            "APPLE_MOBILE_CLIENT_IDS": [self.phone, self.web],
        }


@contextmanager
def open_house(house):
    """Serve its keys on loopback, at `house.url`, and trade codes there."""

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self):
            house.asked += 1
            self.answer(house.status, house.body)

        def do_POST(self):
            said = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, body = house.exchange(dict(parse_qsl(said)))
            self.answer(status, json.dumps(body))

        def answer(self, status, body):
            self.send_response(status)
            self.send_header("Cache-Control", f"public, max-age={house.max_age}")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Keys) as server:
        house.url = f"http://127.0.0.1:{server.server_port}/{house.name}"
        Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield house
        server.shutdown()
