"""Static files under hashed names, so that browsers keep them for ever and never keep an old one."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORTS_OF_MODULES = HashedFilesMixin._js_module_import_aggregation_patterns[1]


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Rewrites module imports in our own `js/` only.

    Django's own switch for this reads every script and stops on examples in the comments of libraries.
    """

    # The error page must not fail for want of a manifest; a missing name is served as it is.
    manifest_strict = False
    patterns = (*HashedFilesMixin.patterns, ("js/*.js", IMPORTS_OF_MODULES))
