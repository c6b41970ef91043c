"""Platform settings in the hands of administrators."""
