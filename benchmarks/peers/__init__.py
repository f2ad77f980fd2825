"""Peers of pbcheck: thirty of its rules written for other tools, and validation alone, to be measured beside it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from benchmarks.peers import pandera, spectral

ROOT = Path(__file__).resolve().parent.parent.parent
NODE = Path(os.environ.get("BENCHMARKS_NODE", ROOT / "build" / "peers"))  # where npm put what is written in JavaScript


NPM = "npm install --prefix build/peers"


@dataclass(frozen=True)
class Peer:
    """A tool that is asked for the thirty rules: the program that asks it, how to install it, and what it cannot say, with the reason.

    `needs` is a Python module, or a path below the folder of the JavaScript peers.
    """

    module: str
    needs: str
    install: str
    cannot: Mapping[str, str] = field(default_factory=dict)


PEERS = {
    "regopy": Peer("benchmarks.peers.rego", "regopy", "pip install regopy"),
    "Spectral": Peer(
        "benchmarks.peers.spectral", "node_modules/@stoplight/spectral-cli", f"{NPM} @stoplight/spectral-cli", spectral.CANNOT
    ),
    "pandera": Peer("benchmarks.peers.pandera", "pandera", "pip install 'pandera[pandas]'", pandera.CANNOT),
}


def missing(peer: Peer) -> str:
    """Return which tool is not installed and how to install it; nothing where it is there."""
    there = (NODE / peer.needs).exists() if "/" in peer.needs else find_spec(peer.needs) is not None
    return "" if there else f"not installed: {peer.install}"
