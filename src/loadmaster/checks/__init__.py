"""What is wrong with a manifest: rules, the engine that applies them, fixes, and what silences them."""
