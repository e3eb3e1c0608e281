"""A command on a terminal: started on a pseudo-terminal, resized, interrupted, read."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]")


class Terminal:
    """A command that runs on a terminal of its own."""

    def __init__(self, *arguments: str, columns: int = 80, cwd: Path = ROOT, **environment: str):
        self._master, slave = pty.openpty()
        self.text = ""
        self._size = slave
        self.resize(columns)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "experiments", *arguments],
            stdin=slave, stdout=slave, stderr=slave, cwd=cwd, preexec_fn=_take_terminal,
            env={
                **{name: os.environ[name] for name in os.environ if name not in ("COLUMNS", "CI")},
                "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", **environment,
            },
        )  # fmt: skip

    def resize(self, columns: int) -> None:
        """Change the width of the terminal; programs are told."""
        fcntl.ioctl(self._size, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))

    def wait_until_busy(self) -> None:
        """Wait until the command has used three seconds of processor: it computes."""
        ticks, second = 0, os.sysconf("SC_CLK_TCK")
        while ticks < 3 * second and self.process.poll() is None:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
            ticks = int(fields[11]) + int(fields[12])
            self._read()

    def press_ctrl_c(self) -> None:
        """Type Ctrl-C."""
        os.write(self._master, b"\x03")

    def read_until(self, text: str, seconds: float = 120) -> None:
        """Read until a text was written."""
        end = time.monotonic() + seconds
        while text not in self.text:
            assert time.monotonic() < end, self.text
            assert self._read() or self.process.poll() is None, self.text

    def finish(self, seconds: float = 120) -> int:
        """Read until the command ends; return its exit code."""
        end = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < end, self.text
            self._read()
        while self._read():
            pass
        os.close(self._size)
        os.close(self._master)
        return self.process.returncode

    def _read(self) -> bool:
        if not select.select([self._master], [], [], 0.1)[0]:
            return False
        self.text += os.read(self._master, 65536).decode(errors="replace")
        return True

    def lines(self) -> list[str]:
        """Return what stood on the lines at the end, without colours and what was overwritten."""
        text = ESCAPES.sub("", self.text).replace("\r\n", "\n")
        return [line.rpartition("\r")[2].rstrip() for line in text.split("\n")]


def _take_terminal() -> None:
    """Make the terminal this process's own, so that Ctrl-C reaches it."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def on_terminal(*arguments: str, columns: int = 80, **options) -> tuple[int, Terminal]:
    """Run a command on a terminal to its end; return its exit code and the terminal."""
    terminal = Terminal(*arguments, columns=columns, **options)
    return terminal.finish(), terminal


def too_long(lines: list[str], columns: int) -> list[str]:
    """Return the lines that the terminal would break although they could be broken at a space."""
    return [line for line in lines if len(line) > columns and " " in line.strip()]
