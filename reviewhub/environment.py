"""Settings as they are given: by the environment, or by files that it names."""

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping


class Files(FileAwareMapping):
    """The environment; `NAME_FILE` names a file that holds NAME, as containers hand over secrets."""

    def __getitem__(self, key):
        return super().__getitem__(key).strip()


class Environment(environ.Env):
    ENVIRON = Files()

    def get_value(self, var, *args, **options):
        try:
            return super().get_value(var, *args, **options)
        except ValueError as error:
            raise ImproperlyConfigured(f"{var}: {error}") from error


env = Environment()
