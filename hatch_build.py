"""Puts what is not Python into the wheel, under db/_shipped, where db/paths.py finds it.

A hook because hatch's own `force-include` would copy the files into editable installations as well, where
they would go stale beside the checkout.
"""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ShipSql(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "standard":
            for name in ("migrations", "seeds", "storage_buckets.yaml"):
                build_data["force_include"][name] = f"db/_shipped/{name}"
