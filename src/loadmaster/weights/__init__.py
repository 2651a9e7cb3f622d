"""What lies on disk or at a source, as observations; `checks` turns them into diagnostics."""
