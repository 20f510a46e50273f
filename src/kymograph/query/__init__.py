"""Reading: what `kymograph.open()` returns, the query language, tables and series."""
