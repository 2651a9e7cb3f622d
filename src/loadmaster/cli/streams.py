"""Standard streams that are not there, or whose reader has gone."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

READER_GONE = 141
"""What a shell makes of a program that wrote to a pipe whose reader had left (128 + SIGPIPE)."""


def open_missing() -> None:
    """Give each standard stream that the caller closed (`>&-`) the null device, so that it can be used as any other.

    Python has None in its place, and what is opened next would take its number.
    """
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - it lives as long as the process
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


@contextmanager
def ends_with_its_reader() -> Iterator[None]:
    """End quietly, with READER_GONE, where a pipe's reader has read enough: that is no fault that was found."""
    try:
        yield
    except BrokenPipeError:
        silence_broken()
        raise click.exceptions.Exit(READER_GONE) from None


def silence_broken() -> None:
    """Send what can no longer be written to the null device: Python flushes at its end and would complain."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, stream.fileno())
            os.close(null)
