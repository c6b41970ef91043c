from billing.commission.models import CommissionRule
from billing.models.ledger import MAX_AMOUNT, Posting, Transaction
from billing.models.payments import Payment, PaymentEvent, PaymentRefund
from billing.models.payouts import PAYOUT_MIN, PAYOUT_SECOND_ADMIN_ABOVE, BankDetails, Payout

__all__ = [
    "MAX_AMOUNT",
    "PAYOUT_MIN",
    "PAYOUT_SECOND_ADMIN_ABOVE",
    "BankDetails",
    "CommissionRule",
    "Payment",
    "PaymentEvent",
    "PaymentRefund",
    "Payout",
    "Posting",
    "Transaction",
]
