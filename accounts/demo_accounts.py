"""The cast of the demo: who may sign in at the demo Google, and whom `manage.py demo` creates."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A Google account of an invented person; `sub` is what Google would call them."""

    sub: str
    email: str
    name: str
    role: Literal["admin", "shop", "user"]
    shop_name: str = ""


DEMO_ACCOUNTS = (
    DemoAccount("100000000000000000001", "admin@leema.example", "Арман Админов", "admin"),
    DemoAccount(
        "100000000000000000011",
        "aigul@atelier.example",
        "Айгүл Сәрсенова",
        "shop",
        "Ателье Айгуль",
    ),
    DemoAccount(
        "100000000000000000012",
        "daniyar@qazaqstyle.example",
        "Данияр Омаров",
        "shop",
        "Qazaq Style",
    ),
    DemoAccount(
        "100000000000000000013",
        "erlan@nomadwear.example",
        "Ерлан Қасымов",
        "shop",
        "Nomad Wear",
    ),
    DemoAccount(
        "100000000000000000014",
        "saule@jibekjoly.example",
        "Сәуле Нұрғалиева",
        "shop",
        "Жібек жолы",
    ),
    DemoAccount("100000000000000000021", "aigerim@mail.example", "Айгерім Бекова", "user"),
    DemoAccount("100000000000000000022", "dinara@mail.example", "Динара Ахметова", "user"),
    DemoAccount("100000000000000000023", "timur@mail.example", "Тимур Жаксылыков", "user"),
    DemoAccount("100000000000000000024", "madina@mail.example", "Мәдина Төлегенова", "user"),
    DemoAccount("100000000000000000025", "olga@mail.example", "Ольга Ким", "user"),
)
