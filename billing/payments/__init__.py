"""Money on its way in through gateways, and back to the payer."""
