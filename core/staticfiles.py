"""How static files are named when they are collected."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

_, IMPORTS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names everywhere, also inside the ``import`` lines of our own script modules.

    Without this a module would import another by its plain name, which browsers cache for a
    minute only, and a release could mix old and new modules in one page. Django's switch for it
    reads the scripts of every package too, and stumbles over their comments.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", IMPORTS))
