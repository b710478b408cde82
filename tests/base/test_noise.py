"""What a library writes behind Python's back is not seen, what Python writes is."""

from __future__ import annotations

import os
import subprocess
import sys

from gongji.base import sm2
from gongji.base.noise import libraries_silent

PROGRAM = """
import os, sys
from gongji.base.noise import libraries_silent
os.write(2, b"before\\n")
with libraries_silent():
    os.write(2, b"library\\n")
    print("python 中文", file=sys.stderr)
os.write(2, b"after\\n")
print("python again", file=sys.stderr)
"""

DEAF = """
import os
from gongji.base.noise import libraries_silent
os.close(2)
with libraries_silent():
    print("on")
"""


def test_only_what_python_writes_is_seen_and_everything_afterwards() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True, env=environment)
    assert done.stderr.decode().split("\n") == ["before", "python 中文", "after", "python again", ""]


def test_a_signature_that_fails_says_nothing() -> None:
    pair = sm2.pair_of(bytes(31) + b"\x07")
    signature = bytearray(sm2.sign(pair.private, b"text"))
    signature[40] ^= 1
    read, write = os.pipe()
    kept = os.dup(2)
    os.dup2(write, 2)
    try:
        with libraries_silent():
            assert not sm2.verify(pair.public, b"text", bytes(signature))
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(write)
    with open(read, "rb") as heard:
        assert heard.read() == b""


def test_a_process_without_a_standard_error_goes_on() -> None:
    done = subprocess.run([sys.executable, "-c", DEAF], capture_output=True, check=True)
    assert done.stdout == b"on\n"
