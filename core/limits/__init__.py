"""Limits: how much of what one caller may ask for, counted on Valkey for all processes at once."""
