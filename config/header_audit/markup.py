"""What a page holds that its policy has to know of."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self

Attributes = list[tuple[str, str | None]]
LOADING = {"script": "src", "img": "src", "source": "src", "video": "src", "audio": "src"}
LOADING |= {"iframe": "src", "embed": "src", "track": "src", "object": "data", "link": "href"}
LOADING |= {"form": "action", "button": "formaction", "input": "formaction", "base": "href"}
NO_SCRIPT = {"application/json", "application/ld+json", "text/template"}


@dataclass
class Page(HTMLParser):
    """`inline`: styles and scripts without a nonce; `loaded`: what the page fetches or sends to."""

    inline: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    token: str = ""  # against forged requests

    def __post_init__(self) -> None:
        super().__init__()

    @classmethod
    def read(cls, text: str) -> Self:
        page = cls()
        page.feed(text)
        page.close()
        return page

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        has = {name: value or "" for name, value in attrs}
        is_code = tag == "script" and "src" not in has and has.get("type") not in NO_SCRIPT
        if (is_code or tag == "style") and not has.get("nonce"):
            self.inline.append(f"<{tag}>")
        self.inline += [name for name in has if name == "style" or name.startswith("on")]
        if LOADING.get(tag) in has:
            self.loaded.append(has[LOADING[tag]])
        if has.get("name") == "csrfmiddlewaretoken":
            self.token = has.get("value", "")
        if tag == "a" and "href" in has:
            self.links.append(has["href"])
            self.loaded += [has["href"]] if has["href"].startswith("javascript:") else []
