"""A version of the standard as a file, and back: XLSX, YAML, XLSForm."""
