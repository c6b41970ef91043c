from accounts import sessions
from accounts.signing_keys import clear_expired


def clear_old_sessions() -> int:
    return sessions.clear_old()


def clear_expired_keys() -> int:
    return clear_expired()
