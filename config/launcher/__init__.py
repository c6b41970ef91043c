"""Runs the whole platform on one machine; `./leema` starts it. Nothing here imports Django."""
