"""Questions to a shop about a product, asked in WhatsApp."""
