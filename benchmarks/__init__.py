"""Scripts that measure the platform beside its peers."""
