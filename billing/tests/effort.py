"""How hard the proof of the money tries: a little with every commit, and all of it when asked."""

import os

WALKS = int(os.environ.get("LEEMA_WALKS", "0"))  # through each lifecycle; 10000 is the full proof
IS_FULL = WALKS > 0
