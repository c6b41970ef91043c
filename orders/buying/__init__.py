"""From a look at what is free, over a quote, to the checkout: over the API."""
