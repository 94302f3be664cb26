"""Plug-ins: a file dropped into a folder is found by importing the folder; nothing is registered by hand."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from functools import cache
from typing import Any

from sim.errors import UserError


@cache
def find(package: str, base: type) -> dict[str, type[Any]]:
    """Every final subclass of `base` defined in the modules of `package`, by its file's name.

    One file defines one plug-in; the file's name is the plug-in's name in scenario files.
    Raises UserError naming the file when a module can't be imported, or defines none or several.
    """
    folder = importlib.import_module(package)
    found: dict[str, type[Any]] = {}
    for module_info in sorted(pkgutil.iter_modules(folder.__path__), key=lambda m: m.name):
        try:
            module = importlib.import_module(f"{package}.{module_info.name}")
        except Exception as error:
            place = f"{folder.__path__[0]}/{module_info.name}.py"
            raise UserError(f"{place}: can't be read as a plug-in: {type(error).__name__}: {error}") from None
        classes = [
            c
            for _, c in inspect.getmembers(module, inspect.isclass)
            if issubclass(c, base) and c.__module__ == module.__name__
        ]
        if len(classes) != 1:
            raise UserError(
                f"{module.__file__}: a plug-in file defines exactly one {base.__name__}; found {len(classes)}."
            )
        found[module_info.name] = classes[0]
    return found
