"""A part of an audit as bytes and back: what crosses the border between processes, or waits in a folder. It holds no code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from pathlib import Path
from typing import Any

import msgspec

from pbcheck.evaluate import Ledger
from pbcheck.figures.budget.kept import blocks as figure_blocks
from pbcheck.judging import Chunk
from pbcheck.known import KEY
from pbcheck.model import Finding
from pbcheck.portfolio.added import Portfolio
from pbcheck.source.files import FileRead
from pbcheck.spill import FINDINGS, Block, finding_key

Counts = list[tuple[int, str, int]]


class _Packed(msgspec.Struct, array_like=True):
    """A chunk in plain data; sums of money are texts, since they may be larger than any machine number."""

    blocks: list[tuple[bytes, int, Any, Any, list[tuple[Any, int]]]]
    rows: list[tuple[bytes, int]]
    ledgers: dict[str, tuple[int, list[int], Counts, Counts]]
    whole: dict[str, str]
    groups: list[tuple[str, str, dict[str, str]]]
    records: dict[str, int]
    ids: list[str]
    unsure: int
    keys: bytes
    files: list[tuple[str, str, str, str, int, int, int, int]]


_writer = msgspec.msgpack.Encoder()
_reader = msgspec.msgpack.Decoder(_Packed)


def packed(chunk: Chunk, asked: Container[str] = ()) -> bytes:
    """Return a chunk as bytes, its findings sorted; those of rules that are `asked` for stand in blocks of their own."""
    found: list[Sequence[Finding]] = [
        sorted((one for one in chunk.findings if (one.rule in asked) is kind), key=finding_key) for kind in (False, True)
    ]
    blocks = [*chunk.blocks, *(block for some in found for block in FINDINGS.blocks(some))]
    portfolio = chunk.portfolio
    return _writer.encode(
        _Packed(
            blocks=[(one.raw, one.number, one.first, one.last, list(one.kinds.items())) for one in blocks],
            rows=[(one.raw, one.number) for one in (*chunk.rows, *figure_blocks(chunk.figures))],
            ledgers={name: (one.width, one.folded(), _counts(one.excused), _counts(one.missing)) for name, one in chunk.ledgers.items()},
            whole=_texts(portfolio.whole),
            groups=[(*group, _texts(counted)) for group, counted in portfolio.groups.items()],
            records=dict(chunk.records),
            ids=sorted(chunk.ids),
            unsure=chunk.unsure,
            keys=b"".join(chunk.keys),
            files=[
                (str(one.path), one.shown, one.kind, one.sha256, one.size, one.records, one.faulty, one.left_out) for one in chunk.files
            ],
        )
    )


def unpacked(raw: bytes) -> Chunk:
    """Return the chunk that `packed` wrote; its findings and figures stay packed. Raises msgspec.MsgspecError for other bytes."""
    found = _reader.decode(raw)
    return Chunk(
        ledgers={
            name: Ledger(width, bytearray(), counts, _counter(a), _counter(b)) for name, (width, counts, a, b) in found.ledgers.items()
        },
        portfolio=Portfolio(_numbers(found.whole), {(name, value): _numbers(counted) for name, value, counted in found.groups}),
        records=Counter(found.records),
        ids=set(found.ids),
        unsure=found.unsure,
        keys=[found.keys[start : start + KEY] for start in range(0, len(found.keys), KEY)],
        files=[_file(*one) for one in found.files],
        blocks=[
            Block(block, number, first and tuple(first), last and tuple(last), {tuple(kind): n for kind, n in kinds})
            for block, number, first, last, kinds in found.blocks
        ],
        rows=[Block(block, number) for block, number in found.rows],
    )


def _file(path: str, shown: str, kind: str, sha256: str, size: int, records: int, faulty: int, left_out: int) -> FileRead:
    return FileRead(Path(path), shown, kind, sha256, size, records, faulty=faulty, left_out=left_out)


def _counts(counted: Counter[tuple[int, str]]) -> Counts:
    return [(rule, key, number) for (rule, key), number in counted.items()]


def _counter(counts: Counts) -> Counter[tuple[int, str]]:
    return Counter({(rule, key): number for rule, key, number in counts})


def _texts(counted: Counter[str]) -> dict[str, str]:
    return {key: str(number) for key, number in counted.items()}


def _numbers(texts: dict[str, str]) -> Counter[str]:
    return Counter({key: int(number) for key, number in texts.items()})
