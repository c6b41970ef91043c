"""The main job from end to end, as real clients do it: HTTP and WebSocket, nothing else.

A shop offers a garment, an administrator approves it, a person tries it on, keeps it, buys it.
"""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from websockets.asyncio.client import ClientConnection, connect

from accounts import demo_authenticator
from accounts.demo_accounts import DEMO_ACCOUNTS
from config import garment_photos

HEARING_SECONDS = 30
PRICE = 12_500
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
Tell = Callable[[str], None]


class StoryBroke(Exception):
    """A step did not go as promised; the message says which and what came instead."""


@dataclass
class Client:
    """One signed-in person: an HTTP client and an open socket."""

    http: httpx.AsyncClient
    socket: ClientConnection

    async def ask(self, method: str, path: str, **body: Any) -> Any:
        response = await self.http.request(method, f"/api/v1/{path}", **body)
        return _answer(response)

    async def hears(self, kind: str, **about: Any) -> dict[str, Any]:
        """Wait for the event of this type and these data."""
        try:
            async with asyncio.timeout(HEARING_SECONDS):
                while True:
                    event = json.loads(await self.socket.recv())
                    data = event.get("data", {})
                    if event.get("type") == kind and about.items() <= data.items():
                        return dict(data)
        except TimeoutError as error:
            message = f"{kind} {about} was not heard within {HEARING_SECONDS} s"
            raise StoryBroke(message) from error


@dataclass(frozen=True)
class Story:
    """What the story is told with, and where the result goes."""

    url: str
    person: Path
    garment: Path
    out: Path


async def run(story: Story, tell: Tell) -> Path:
    """Play the whole story; returns the result picture. StoryBroke when a promise is not kept."""
    async with (
        _signed_in(story.url, "shop") as shop,
        _signed_in(story.url, "admin") as admin,
        _signed_in(story.url, "user") as user,
    ):
        step = _Steps(tell)
        product = await step("The shop offers the garment", _offer(shop, story.garment))
        await step("The administrator hears of it and approves", _approve(admin, product))
        await step("The user hears of it and finds it", _find(user, product))
        generation = await step("The user tries it on", _try_on(user, product, story.person))
        result: Path = await step("The picture is saved", _save(user, generation, story))
        await step("The user keeps it in the wardrobe", _keep(user, generation))
        await step("The user tops up in the sandbox", _top_up(user, story.url))
        await step("The user buys, the shop hands over", _buy(user, shop, product))
        step.finish()
    return result


class _Steps:
    """Prints each step with the seconds it took."""

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        self.began = time.monotonic()

    async def __call__(self, title: str, work: Any) -> Any:
        began = time.monotonic()
        done = await work
        self.tell(f"{time.monotonic() - began:6.2f} s  {title}")
        return done

    def finish(self) -> None:
        self.tell(f"{time.monotonic() - self.began:6.2f} s  in all")


@asynccontextmanager
async def _signed_in(url: str, role: str) -> AsyncIterator[Client]:
    async with httpx.AsyncClient(base_url=url, timeout=30) as http:
        kind = "shop" if role == "shop" else "user"
        login = await _login(http, role, kind)
        if role == "admin":
            login = await _with_second_factor(http, login["access_token"])
        http.headers["Authorization"] = f"Bearer {login['access_token']}"
        address = url.replace("http", "ws", 1)
        query = f"token={login['access_token']}&client_type={role}"
        async with connect(f"{address}/ws?{query}", max_size=2**22) as socket:
            greeting = json.loads(await socket.recv())
            if greeting.get("event") != "connected":
                raise StoryBroke(f"The socket of the {role} said {greeting}")
            yield Client(http, socket)


async def _login(http: httpx.AsyncClient, role: str, kind: str) -> dict[str, Any]:
    """Through the sign-in page, as a browser goes: choose the account, come back with a code."""
    sub = next(account.sub for account in DEMO_ACCOUNTS if account.role == role)
    where = {"account_type": kind, "platform": "web"}
    page = _answer(await http.get("/api/v1/auth/google/url", params=where))
    if urlsplit(page["authorization_url"]).hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise StoryBroke("This platform signs in with the real Google; the story needs the demo's.")
    chosen = await http.post(page["authorization_url"], data={"sub": sub})
    came_back = parse_qs(urlsplit(chosen.headers.get("Location", "")).query)
    code = {"code": came_back.get("code", [""])[0], "state": came_back.get("state", [""])[0]}
    body = {**code, **where}
    answer = await http.post("/api/v1/auth/google/login", json=body)
    if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:  # several stories within a minute
        await asyncio.sleep(int(answer.headers["Retry-After"]))
        answer = await http.post("/api/v1/auth/google/login", json=body)
    login: dict[str, Any] = _answer(answer)
    return login


async def _with_second_factor(http: httpx.AsyncClient, access: str) -> dict[str, Any]:
    response = await _show_a_code(http, access)
    if not response.is_success:  # stories before this one have used up every code of now
        await asyncio.sleep(demo_authenticator.seconds_left() + 1)
        response = await _show_a_code(http, access)
    pair: dict[str, Any] = _answer(response)
    return pair


async def _show_a_code(http: httpx.AsyncClient, access: str) -> httpx.Response:
    for code in demo_authenticator.codes():
        response = await http.post(
            "/api/v1/auth/mfa/verify",
            json={"code": code},
            headers={"Authorization": f"Bearer {access}"},
        )
        if response.is_success:
            break
    return response


async def _offer(shop: Client, garment: Path) -> dict[str, Any]:
    slug, name, sleeve = garment_photos.kind_of(garment)
    categories = (await shop.ask("GET", "categories"))["categories"]
    category = next(row["id"] for row in categories if row["slug"] == slug)
    known = {"sleeve": sleeve} if sleeve else {}
    fields = {
        "name": f"{name} {int(time.time())}",
        "price": str(PRICE),
        "category_id": str(category),
        "characteristics": json.dumps(known),
    }
    files = {"images": _upload(garment)}
    product: dict[str, Any] = await shop.ask("POST", "products", data=fields, files=files)
    return product


async def _approve(admin: Client, product: dict[str, Any]) -> None:
    await admin.hears("product_submitted", product_id=product["id"])
    await admin.ask("POST", f"admin/products/{product['id']}/approve", json={})


async def _find(user: Client, product: dict[str, Any]) -> None:
    await user.hears("product_moderation_completed", product_id=product["id"], status="approved")
    found = (await user.ask("GET", "products", params={"q": product["name"]}))["products"]
    if [row["id"] for row in found] != [product["id"]]:
        raise StoryBroke("The approved product is not in the catalogue.")


async def _try_on(user: Client, product: dict[str, Any], person: Path) -> dict[str, Any]:
    text = await user.ask("GET", "legal/photo-consent")
    agreement = {"kind": text["kind"], "version": text["version"]}
    await user.ask("POST", "users/me/consents", json=agreement)
    files = {"photo": _upload(person)}
    fields = {"product_id": str(product["id"])}
    asked = await user.ask("POST", "generations/try-on", data=fields, files=files)
    while True:
        heard = await user.hears("generation_updated", generation_id=asked["id"])
        if heard["status"] == "failed":
            raise StoryBroke(f"The try-on was refused and refunded: {heard['error']['detail']}")
        if heard["status"] == "succeeded":
            return {"id": asked["id"], **heard}


async def _save(user: Client, generation: dict[str, Any], story: Story) -> Path:
    picture = await user.http.get(generation["image_url"])
    picture.raise_for_status()
    story.out.mkdir(parents=True, exist_ok=True)
    result = story.out / f"{story.person.stem}--{story.garment.stem}.jpg"
    result.write_bytes(picture.content)
    return result


async def _keep(user: Client, generation: dict[str, Any]) -> None:
    item = await user.ask("POST", f"wardrobe/from-generation/{generation['id']}", json={})
    await user.hears("wardrobe_updated", wardrobe_item_id=item["id"], action="created")


async def _top_up(user: Client, url: str) -> None:
    before = (await user.ask("GET", "users/me/balance"))["balance"]
    payment = await user.ask("POST", "users/me/topup", json={"amount": PRICE})
    # The payer's browser knows nothing of the app's token.
    async with httpx.AsyncClient(base_url=url, follow_redirects=True) as browser:
        page = (await browser.get(payment["payment_url"])).raise_for_status()
        token = CSRF.search(page.text)
        form = {"decision": "pay", "csrfmiddlewaretoken": token[1] if token else ""}
        (await browser.post(payment["payment_url"], data=form)).raise_for_status()
    await user.hears("balance_updated", balance=before + PRICE)


async def _buy(user: Client, shop: Client, product: dict[str, Any]) -> None:
    order = await user.ask("POST", f"products/{product['id']}/purchase", json={})
    await shop.hears("order_created", order_id=order["id"], status="confirmed")
    for step in ("accept", "ship", "deliver"):
        await shop.ask("POST", f"shops/me/orders/{order['id']}/{step}")
    await user.hears("order_updated", order_id=order["id"], stage="delivered")
    before = (await shop.ask("GET", "shops/me/analytics"))["pending_revenue"]
    await user.ask("POST", f"orders/{order['id']}/receive")
    await shop.hears("order_updated", order_id=order["id"], stage="completed")
    after = (await shop.ask("GET", "shops/me/analytics"))["pending_revenue"]
    if not 0 < after - before <= PRICE:
        raise StoryBroke(f"The shop has earned {after - before} with a sale for {PRICE}")


def _upload(photo: Path) -> tuple[str, bytes]:
    return photo.name, photo.read_bytes()


def _answer(response: httpx.Response) -> Any:
    if response.is_success:
        return response.json()
    raise StoryBroke(f"{response.request.url} answered {response.status_code}: {response.text}")
