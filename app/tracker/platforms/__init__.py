"""The platforms on which members solve and compete: each file here declares one, and is all that it needs."""

import importlib
import pkgutil
from functools import cache

from app.tracker.platforms.base import Platform


@cache
def platforms() -> dict[str, Platform]:
    """Every platform by its key, ordered by name: whatever file here has a `PLATFORM`."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    declared = [module.PLATFORM for module in modules if hasattr(module, "PLATFORM")]
    return {platform.key: platform for platform in sorted(declared, key=lambda platform: platform.name.casefold())}
