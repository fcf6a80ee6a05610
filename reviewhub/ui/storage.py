"""Static files under hashed names, so that browsers keep them for ever and never keep an old one."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORTS_OF_MODULES = HashedFilesMixin._js_module_import_aggregation_patterns[1]


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Rewrites module imports in our own `js/` only.

    Django's own switch for this reads every script and stops on examples in the comments of libraries.
    """

    patterns = (*HashedFilesMixin.patterns, ("js/*.js", IMPORTS_OF_MODULES))
