"""What administrators may set while the platform runs, each with its kind, bounds and default.

Declared and read here, because every app reads some; changed by billing.settings.
"""
