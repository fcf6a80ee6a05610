"""What tests of people share: a hasher that takes no half second, except where the hasher is what is tested."""

import pytest


@pytest.fixture(autouse=True)
def quick_hasher(request):
    if "hashed" in request.fixturenames or "db" not in request.fixturenames:
        return
    settings = request.getfixturevalue("settings")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
