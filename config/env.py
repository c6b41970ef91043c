"""Readers of environment variables; a secret may also come from the file that NAME_FILE names."""

import environ

env = environ.FileAwareEnv()
