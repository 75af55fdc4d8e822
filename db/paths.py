"""Where the files that are not Python live: beside this package in a checkout, under it in the wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_SHIPPED = _PACKAGE / "_shipped"

ROOT = _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parent
MIGRATIONS = ROOT / "migrations"
SEEDS = ROOT / "seeds"
STORAGE_BUCKETS = ROOT / "storage_buckets.yaml"
