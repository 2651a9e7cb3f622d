"""The tabs of the detail pane."""
