"""The version, said once: the package, its metadata and every record log take it from here."""

__version__ = "0.1.0"
