"""The terminal app. It asks the session for edits and shows what it is given; it holds no state of the manifest."""
