#!/usr/bin/env python
"""Django's command line: `manage.py help` lists what an operator can do."""

import gc
import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    gc.set_threshold(50_000)  # of 700: looking for garbage is a quarter of the time of a start
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    execute_from_command_line(sys.argv)
