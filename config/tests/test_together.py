from django.conf import settings

from config.tests.together import PLATFORM, TOGETHER, group_of


def test_all_that_need_the_platform_share_one(request):
    needing = [each.nodeid for each in request.session.items if "platform" in each.fixturenames]

    assert {group_of(nodeid) for nodeid in needing} <= {PLATFORM}


def test_modules_that_run_together_are_there():
    assert [path for path in TOGETHER if not (settings.BASE_DIR / path).exists()] == []
