"""What a manifest says: its ids, its fields as data, and the reader from plain data to specs."""
