import pytest
from django.utils.module_loading import import_string
from django_q.models import Schedule

from config import schedules


@pytest.mark.django_db
def test_the_schedules_are_those_of_this_version():
    Schedule.objects.create(name="old", func="gone.away", schedule_type=Schedule.MINUTES)

    schedules.ensure()
    schedules.ensure()

    verifying = Schedule.objects.get(func="config.tasks.verify_audit")
    assert verifying.kwargs == "{'q_options': {'timeout': 200}}"
    kept = dict(Schedule.objects.values_list("func", "minutes"))
    assert kept == schedules.EVERY_MINUTES


@pytest.mark.django_db
@pytest.mark.parametrize("func", schedules.EVERY_MINUTES)
def test_each_scheduled_function_exists_and_runs(func):
    import_string(func)()
