"""The devices on which an account is signed in: seen and signed out by their owner."""
