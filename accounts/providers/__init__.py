"""The companies that vouch for people: Google and Apple. Nothing here knows our accounts."""
