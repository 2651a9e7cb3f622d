"""Where a manifest stands on the page: text, tables, places, and edits that keep all else."""
