"""Property tests here judge values, not the speed of a busy machine."""

from hypothesis import settings

settings.register_profile("readers", deadline=None)
settings.load_profile("readers")
