"""Every module that defines rules, so that the registry is whole once this one is loaded."""

from loadmaster.checks import across, conflicts, families, foreign, later, security, silence, text

__all__ = ["across", "conflicts", "families", "foreign", "later", "security", "silence", "text"]
