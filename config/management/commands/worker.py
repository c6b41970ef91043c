"""Runs the tasks that requests leave behind."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from config import schedules
from config.supervisor import Supervisor


class Command(BaseCommand):
    help = "Run background tasks, until SIGTERM or Ctrl-C; a cluster that dies is started anew"

    def handle(self, **options: Any) -> None:
        schedules.ensure()
        connection.close()  # the cluster forks, and a connection doesn't survive that
        Supervisor().run()
