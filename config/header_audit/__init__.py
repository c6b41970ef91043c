"""Walks a running platform as a browser would, and says which answer protects its reader badly."""
