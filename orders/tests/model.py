"""What orders must come to: both lifecycles and their sums once more, in plain dicts.

A second reading of the rules, by which the domain is judged; it shares no code with it. Money in
tiyn, moments in seconds since 1970, days in days since 1970 as Almaty counts them.
"""

from itertools import chain

MINUTE, HOUR, DAY = 60, 3600, 86400
ALMATY = 5 * HOUR
UNITS = {"m": MINUTE, "h": HOUR, "d": DAY}

# from, step, to, and who takes it: "user<paid+3d" until three days after the payment, ">" from then
# on. The moments are those of `_moment`.
PURCHASE = """
awaiting_payment       pay                  paid                   user gateway
awaiting_payment       expire               expired                timer>created+15m
awaiting_payment       cancel               cancelled              user
paid                   accept               processing             shop
paid                   cancel               cancelled              user shop admin
paid                   remind               paid                   timer>unreminded+3d
processing             remind               processing             timer>unreminded+3d
paid                   ship_timeout         cancelled              timer>paid+7d
processing             ship_timeout         cancelled              timer>paid+7d
processing             ship                 shipped                shop
processing             cancel               cancelled              shop admin
shipped                deliver              delivered              shop admin
shipped                receive              completed              user
shipped                dispute              disputed               user admin
delivered              receive              completed              user timer>delivered+3d
delivered              dispute              disputed               user<delivered+3d
delivered              request_return       return_requested       user
disputed               resolve_buyer        refunded               admin timer>since+60d
disputed               resolve_shop         completed              admin
disputed               resolve_split        closed_split           admin
return_requested       return_accept        refunded               shop admin
return_requested       return_reject        disputed               shop
return_requested       return_expire        completed              timer>since+14d
completed              request_return_late  return_requested_late  user<delivered+14d
return_requested_late  return_accept        refunded_late          shop admin
return_requested_late  return_reject        completed              shop admin
completed              release              settled                timer>delivered+14d
closed_split           release              settled                timer>delivered+14d
settled                refund_settled       refunded_late          admin
"""
RENTAL = """
awaiting_payment  pay               booked          user gateway
awaiting_payment  expire            expired         timer>created+15m
awaiting_payment  cancel            cancelled       user
booked            decline           cancelled       shop<paid+24h admin
booked            cancel_early      cancelled       user<starts-48h
booked            cancel_late       cancelled_late  user>starts-48h
booked            no_handover       cancelled       timer>starts+24h
booked            hand_over         in_use          shop
in_use            confirm_handover  in_use          user<unconfirmed+24h
in_use            problem           disputed        user<unconfirmed+24h
in_use            extend            in_use          user<ends+0d
in_use            overdue           overdue         timer>ends+1d
in_use            send_back         in_use          user>kept+0d
in_use            return_ok         completed       shop timer>sent_back+3d
in_use            return_damaged    claim           shop
overdue           send_back         overdue         user>kept+0d
overdue           return_ok         completed       shop timer>sent_back+3d
overdue           return_damaged    claim           shop
overdue           lost              completed_lost  admin>ends+15d
claim             claim_accept      completed       user
claim             claim_decide      completed       admin
claim             claim_drop        completed       shop timer>since+14d
disputed          resolve_buyer     refunded        admin
disputed          resolve_shop      in_use          admin
completed         release           settled         timer>since+3d
completed_lost    release           settled         timer>since+3d
cancelled_late    release           settled_late    timer>since+3d
"""
RETURNS = {"request_return", "request_return_late"}
FINAL = {"expired", "cancelled", "refunded", "refunded_late", "settled", "settled_late"}
NOT_ALLOWED, NO_MONEY, DONE = "not allowed", "no money", "done"


def world(buyer=0):
    """Before anything is ordered; the buyer's money came from outside."""
    return {
        "now": 0,
        "buyer": buyer,
        "shop": 0,
        "owed": 0,  # by the shop, for refunds that its balance did not cover
        "commission": 0,
        "outside": -buyer,
        "orders": [],
    }


def place(world, kind, **order):
    """Order something; `order` names its amounts, pieces and days."""
    order = {
        "kind": kind,
        "stage": "awaiting_payment",
        "delivery": 0,
        "deposit": 0,
        "late_fee_per_day": 0,
        "late_fee": 0,
        "claim": 0,
        "returnable": True,
        "first": None,
        "last": None,
        **dict.fromkeys(("paid", "reminded", "delivered", "handed", "confirmed", "sent_back")),
        "created": world["now"],
        "since": world["now"],
        "escrow": 0,  # from here on: what is where of this order's money
        "held_deposit": 0,
        "pending": 0,
        "released": 0,
        "fee": 0,
        "goods": "reserved" if kind == "purchase" else "held",
        **order,
    }
    world["orders"].append(order)
    return order


def pay_out(world, amount):
    world["shop"] -= amount
    world["outside"] += amount


def choices(world, order):
    """What may be done with the order now, by people: [(step, who)]."""
    open_now = (
        (step, who)
        for step, _, actors in TABLES[order["kind"]].get(order["stage"], ())
        for who, window in actors.items()
        if who != "timer" and _is_open(world, order, step, window)
    )
    return list(open_now)


def act(world, order, step, who, **said):
    """Take a step, and say what came of it: DONE, NOT_ALLOWED or NO_MONEY."""
    for name, target, actors in TABLES[order["kind"]].get(order["stage"], ()):
        if name == step and who in actors and _is_open(world, order, step, actors[who]):
            return _take(world, order, step, target, said)
    return NOT_ALLOWED


def sweep(world):
    """Let the clock take one step of each order whose time has come; how many it took."""
    return sum(_tick(world, order) for order in world["orders"])


def next_due(order):
    """When the clock takes its next step, or None."""
    rows = TABLES[order["kind"]].get(order["stage"], ())
    limits = [_limit(order, actors["timer"]) for _, _, actors in rows if "timer" in actors]
    return min((limit for limit in limits if limit is not None), default=None)


def limits(order):
    """When any of the windows of the stage opens or closes."""
    rows = TABLES[order["kind"]].get(order["stage"], ())
    windows = [window for _, _, actors in rows for window in actors.values() if window]
    found = (_limit(order, window) for window in windows)
    return [limit for limit in found if limit is not None]


def sums(world):
    """The expected sum of every account."""
    orders = world["orders"]
    return {
        "buyer": world["buyer"],
        "shop": world["shop"],
        "escrow": sum(order["escrow"] for order in orders),
        "deposit": sum(order["held_deposit"] for order in orders),
        "shop_pending": sum(order["pending"] for order in orders),
        "shop_receivable": -world["owed"],
        "commission": world["commission"],
        "outside": world["outside"],
    }


def is_over(world):
    return all(order["stage"] in FINAL for order in world["orders"])


def rented_days(order):
    return order["last"] - order["first"] + 1


def day_of(moment):
    return (moment + ALMATY) // DAY


def _table(text):
    rows = {}
    for line in text.strip().splitlines():
        source, step, target, *actors = line.split()
        windows = dict(_window(actor) for actor in actors)
        rows.setdefault(source, []).append((step, target, windows))
    return rows


def _window(text):
    for sign in "<>":
        who, found, limit = text.partition(sign)
        if found:
            operator = "+" if "+" in limit else "-"
            moment, _, delay = limit.partition(operator)
            seconds = int(operator + delay[:-1]) * UNITS[delay[-1]]
            return who, (sign, moment, seconds)
    return text, None


def _is_open(world, order, step, window):
    if step in RETURNS and not order["returnable"]:
        return False
    if window is None:
        return True
    limit = _limit(order, window)
    if limit is None:
        return False
    return world["now"] < limit if window[0] == "<" else world["now"] >= limit


def _limit(order, window):
    _, name, seconds = window
    moment = _moment(order, name)
    return None if moment is None else moment + seconds


def _moment(order, name):
    match name:
        case "unreminded":
            return None if order["reminded"] else order["paid"]
        case "unconfirmed":
            return None if order["confirmed"] else order["handed"]
        case "kept":
            return None if order["sent_back"] else order["handed"]
        case "starts":
            return order["first"] * DAY - ALMATY
        case "ends":
            return (order["last"] + 1) * DAY - ALMATY
    return order[name]


def _tick(world, order):
    for step, target, actors in TABLES[order["kind"]].get(order["stage"], ()):
        if "timer" in actors and _is_open(world, order, step, actors["timer"]):
            _take(world, order, step, target, {})
            return True
    return False


def _take(world, order, step, target, said):
    if world["buyer"] < price_of(order, step, said):
        return NO_MONEY
    for change in chain([_note], MONEY.get(step, ()), [_move_goods]):
        change(world, order, step=step, **said)
    if target != order["stage"]:
        order["stage"], order["since"] = target, world["now"]
    if target in {"completed", "closed_split"} and order["delivered"] is None:
        order["delivered"] = world["now"]
    return DONE


def price_of(order, step, said):
    if step == "pay":
        return _total(order) + order["deposit"]
    if step == "extend":
        return _price_of_days(order, said["until"] - order["last"])
    return 0


def _total(order):
    return order["items"] + order["delivery"]


def _price_of_days(order, days):
    return order["items"] // rented_days(order) * days


def _note(world, order, *, step, amount=0, **said):
    moment = NOTED.get(step)
    if moment:
        order[moment] = world["now"]
    if step in {"return_ok", "return_damaged"}:
        back = order["sent_back"] or world["now"]
        late_days = max(0, day_of(back) - order["last"] - 1)
        order["late_fee"] = min(order["deposit"], late_days * order["late_fee_per_day"])
    if step == "return_damaged":
        order["claim"] = min(amount, order["deposit"] - order["late_fee"])
    if step == "claim_decide":
        order["claim"] = amount
    if step == "claim_drop":
        order["claim"] = 0


def _pay(world, order, **_):
    world["buyer"] -= _total(order) + order["deposit"]
    order["escrow"], order["held_deposit"] = _total(order), order["deposit"]


def _extend(world, order, *, until, **_):
    more = _price_of_days(order, until - order["last"])
    order["commission"] += _half_up(order["commission"] * more, order["items"])
    order["items"] += more
    order["last"] = until
    world["buyer"] -= more
    order["escrow"] += more


def _give_back(world, order, **_):
    world["buyer"] += order["escrow"]
    order["escrow"] = 0


def _give_deposit_back(world, order, **_):
    world["buyer"] += order["held_deposit"]
    order["held_deposit"] = 0


def _earn(world, order, **_):
    _earn_part(world, order, _total(order))


def _earn_what_is_kept(world, order, **_):
    """A purchase is over then; a rental goes on."""
    if order["kind"] == "purchase":
        _earn(world, order)


def _earn_half_of_the_rent(world, order, **_):
    back = order["delivery"] + _half_up(order["items"], 2)
    world["buyer"] += back
    order["escrow"] -= back
    _earn_part(world, order, order["items"])


def _share(world, order, *, share, **_):
    back = _half_up(_total(order) * share, 10_000)
    world["buyer"] += back
    order["escrow"] -= back
    _earn_part(world, order, _total(order))


def _earn_part(world, order, whole):
    """What is left in escrow goes to the shop, less the same part of the commission."""
    order["fee"] = _half_up(order["commission"] * order["escrow"], whole)
    world["commission"] += order["fee"]
    order["pending"] += order["escrow"] - order["fee"]
    order["escrow"] = 0


def _keep_of_deposit(world, order, **_):
    kept = order["late_fee"] + order["claim"]
    order["pending"] += kept
    order["held_deposit"] -= kept


def _keep_deposit(world, order, **_):
    order["pending"] += order["held_deposit"]
    order["held_deposit"] = 0


def _release(world, order, **_):
    netted = min(order["pending"], world["owed"])
    world["owed"] -= netted
    world["shop"] += order["pending"] - netted
    order["released"], order["pending"] = order["pending"], 0


def _take_back(world, order, **_):
    from_balance = min(order["released"], world["shop"])
    world["shop"] -= from_balance
    world["owed"] += order["released"] - from_balance
    world["commission"] -= order["fee"]
    world["buyer"] += order["pending"] + order["released"] + order["fee"]
    order["pending"] = order["released"] = order["fee"] = 0


def _move_goods(world, order, *, step, **_):
    order["goods"] = GOODS[order["kind"]].get(step, order["goods"])


def _half_up(numerator, denominator):
    return (2 * numerator + denominator) // (2 * denominator) if denominator else 0


TABLES = {"purchase": _table(PURCHASE), "rental": _table(RENTAL)}
STEPS = sorted({row[0] for rows in TABLES.values() for found in rows.values() for row in found})
NOTED = {
    "pay": "paid",
    "remind": "reminded",
    "deliver": "delivered",
    "hand_over": "handed",
    "confirm_handover": "confirmed",
    "send_back": "sent_back",
}
EVERYTHING_BACK = (_give_back, _give_deposit_back)
MONEY = {
    "pay": [_pay],
    "extend": [_extend],
    **dict.fromkeys(("cancel", "expire", "ship_timeout", "resolve_buyer"), EVERYTHING_BACK),
    **dict.fromkeys(("decline", "cancel_early", "no_handover"), EVERYTHING_BACK),
    "cancel_late": [_earn_half_of_the_rent, _give_deposit_back],
    "receive": [_earn],
    "return_expire": [_earn],
    "resolve_shop": [_earn_what_is_kept],
    "resolve_split": [_share],
    "return_accept": [_give_back, _take_back],
    "release": [_release],
    "refund_settled": [_take_back],
    "return_ok": [_earn, _keep_of_deposit, _give_deposit_back],
    "return_damaged": [_earn],
    "lost": [_earn, _keep_deposit],
    **dict.fromkeys(
        ("claim_accept", "claim_decide", "claim_drop"), (_keep_of_deposit, _give_deposit_back)
    ),
}
GONE = ("cancel", "expire", "ship_timeout", "decline", "cancel_early", "cancel_late", "no_handover")
GOODS = {
    "purchase": {
        **dict.fromkeys(GONE, "free"),
        "ship": "out",
        "return_accept": "free",
    },
    "rental": {
        **dict.fromkeys((*GONE, "resolve_buyer", "lost"), "cancelled"),
        "pay": "booked",
        "hand_over": "out",
        "return_ok": "returned",
        "return_damaged": "returned",
    },
}
