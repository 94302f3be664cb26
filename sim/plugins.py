"""Plug-ins: a file dropped into a folder is found by importing the folder; nothing is registered by hand."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from functools import cache
from typing import Any


@cache
def find(package: str, base: type) -> dict[str, type[Any]]:
    """Every final subclass of `base` defined in the modules of `package`, by its file's name.

    One file defines one plug-in; the file's name is the plug-in's name in scenario files.
    Raises ImportError naming the file when a module defines none or several.
    """
    folder = importlib.import_module(package)
    found: dict[str, type[Any]] = {}
    for module_info in sorted(pkgutil.iter_modules(folder.__path__), key=lambda m: m.name):
        module = importlib.import_module(f"{package}.{module_info.name}")
        classes = [
            c
            for _, c in inspect.getmembers(module, inspect.isclass)
            if issubclass(c, base) and c.__module__ == module.__name__
        ]
        if len(classes) != 1:
            raise ImportError(
                f"{module.__file__}: a plug-in file defines exactly one {base.__name__}; found {len(classes)}."
            )
        found[module_info.name] = classes[0]
    return found
