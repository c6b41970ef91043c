"""The real worker on a database named by the environment: `python small_worker.py`."""

import json
import os

import django
from django.conf import settings

if __name__ == "__main__":
    told = json.loads(os.environ["SMALL_WORKER"])
    settings.configure(
        DATABASES={"default": told["database"]},
        INSTALLED_APPS=["django_q"],
        SECRET_KEY=told["secret"],
        LANGUAGE_CODE="ru",  # django-q's own words are translated
        USE_TZ=True,
        Q_CLUSTER={
            "name": told["name"],
            "orm": "default",
            "workers": 2,
            "timeout": 20,
            "retry": 100,
            "queue_limit": 1,
            "bulk": 1,
            "poll": 0.1,
            "save_limit": -1,
        },
    )
    django.setup()
    from config.supervisor import Supervisor

    Supervisor().run()
