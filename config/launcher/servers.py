"""Starts those servers of ours that the environment doesn't name."""

import os

from config.launcher import postgres, valkey
from config.launcher.environment import with_secret_key, with_servers
from config.launcher.place import Place
from config.launcher.processes import Children


def start(children: Children, place: Place) -> dict[str, str]:
    """Start what DATABASE_URL and REDIS_URL leave to us; give the environment for what uses it."""
    if not os.environ.get("DATABASE_URL"):
        postgres.start(children, place)
    if not os.environ.get("REDIS_URL"):
        valkey.start(children, place)
    return with_secret_key(with_servers(place.run))
