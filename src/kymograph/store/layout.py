"""Names and places of files in a store; standard library only."""

from __future__ import annotations

import json
import os
import re
from typing import NamedTuple

from kymograph.errors import FormatTooNew, StoreError

FORMAT = 1
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without i, l, o, 0 and 1: an id can be read out and typed
_RUN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}\Z")
_WRITER = re.compile(r"[a-hjkmnp-z2-9]{8}\Z")
_FILE = re.compile(r"([a-hjkmnp-z2-9]{8})-(\d{6,})(?:-(\d{6,}))?\.(log|seg)\Z")

# What a network file system is called in mountinfo. There an mmap error kills the process and other hosts
# see pages late, so records are written with write() and the index lives elsewhere.
NETWORK = (
    "nfs",
    "cifs",
    "smb",
    "lustre",
    "gpfs",
    "beegfs",
    "ceph",
    "afs",
    "9p",
    "fuse",
    "glusterfs",
    "orangefs",
    "panfs",
)


class LogName(NamedTuple):
    """A record log's file name in parts."""

    writer: str
    number: int


class SegmentName(NamedTuple):
    """A sealed segment's file name in parts: it replaces the logs `first` to `last` of its writer."""

    writer: str
    first: int
    last: int


class StoreFolder:
    """Where everything lies in one store. Knows names only; `create` is the one call that writes."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = os.path.abspath(os.fspath(path))
        self.runs = os.path.join(self.path, "runs")
        self.live = os.path.join(self.path, "live")
        self.trash = os.path.join(self.path, "trash")
        self.index = os.path.join(self.path, "index.sqlite")

    def __repr__(self) -> str:
        return f"StoreFolder({self.path!r})"

    def exists(self) -> bool:
        """Whether there is a store here."""
        return os.path.isdir(self.runs)

    def create(self) -> None:
        """Make the folders that are not there. Raises FormatTooNew, or OSError when it cannot be written."""
        about = os.path.join(self.path, "store.json")
        if os.path.exists(about):
            self.check_format()
            if os.path.isdir(self.runs) and os.path.isdir(self.live):
                return
        os.makedirs(self.runs, exist_ok=True)
        os.makedirs(self.live, exist_ok=True)
        if not os.path.exists(about):
            half = f"{about}.{os.getpid()}.tmp"
            with open(half, "w", encoding="utf-8") as file:
                json.dump({"format": FORMAT}, file)
            os.replace(half, about)

    def check_format(self) -> None:
        """Raise FormatTooNew when a newer version made this store."""
        try:
            with open(os.path.join(self.path, "store.json"), encoding="utf-8") as file:
                version = json.load(file).get("format", FORMAT)
        except (OSError, ValueError, AttributeError):
            return  # the folders are the truth; a lost note about them is no reason to refuse
        if isinstance(version, int) and version > FORMAT:
            raise FormatTooNew(self.path, version, FORMAT)

    def run_folder(self, run: str) -> str:
        """The folder of a run. Raises StoreError for what cannot be an id, so no path leaves the store."""
        if not is_run_id(run):
            raise StoreError(
                f"not a run id: {run!r}; an id is up to 64 letters, digits, '_', '-' and '.', not '.' first"
            )
        return os.path.join(self.runs, run)

    def marker(self, run: str, writer: str) -> str:
        """The file that says: this writer has record logs that are not sealed."""
        return os.path.join(self.live, f"{run}.{writer}")


def is_run_id(text: str) -> bool:
    """Whether the text can be a run's id, so that joining it to a folder cannot leave the folder."""
    return _RUN.match(text) is not None and not text.endswith(".tmp")


def parse_marker(name: str) -> tuple[str, str] | None:
    """Run and writer of a marker's file name under live/; None for any other file."""
    run, _, writer = name.rpartition(".")
    return (run, writer) if is_run_id(run) and _WRITER.match(writer) else None


def new_id() -> str:
    """A new random id for a run or a writer: 8 characters, 39 bits."""
    return "".join(ALPHABET[byte % 31] for byte in os.urandom(8))


def log_name(writer: str, number: int) -> str:
    """The file name of a record log."""
    return f"{writer}-{number:06d}.log"


def segment_name(writer: str, first: int, last: int) -> str:
    """The file name of a sealed segment."""
    return f"{writer}-{first:06d}-{last:06d}.seg"


def parse(name: str) -> LogName | SegmentName | None:
    """What a file name in a run's folder says; None for any other file."""
    match = _FILE.match(name)
    if match is None:
        return None
    writer, first, last, kind = match.groups()
    if kind == "log":
        return LogName(writer, int(first)) if last is None else None
    if last is None or int(last) < int(first):
        return None
    return SegmentName(writer, int(first), int(last))


def find_store(given: str | os.PathLike[str] | None = None) -> StoreFolder:
    """The store: the argument, else KYMOGRAPH_STORE, else the nearest .kymograph upward, else a new one."""
    if given is not None:
        return StoreFolder(os.path.expanduser(os.fspath(given)))
    named = os.environ.get("KYMOGRAPH_STORE")
    if named:
        return StoreFolder(os.path.expanduser(named))
    here = os.getcwd()
    folder = here
    while True:
        candidate = os.path.join(folder, ".kymograph")
        if os.path.isdir(candidate):
            return StoreFolder(candidate)
        above = os.path.dirname(folder)
        if above == folder:
            return StoreFolder(os.path.join(here, ".kymograph"))
        folder = above


def file_system(path: str) -> str:
    """The kind of file system a path lies on, as the kernel names it ("ext4", "nfs4"); "" when unknown."""
    try:
        device = os.stat(path).st_dev
        wanted = f"{os.major(device)}:{os.minor(device)}"
        with open("/proc/self/mountinfo", encoding="utf-8", errors="replace") as file:
            for line in file:
                fields = line.split(" ")
                if fields[2] == wanted:
                    return fields[fields.index("-") + 1]
    except (OSError, ValueError, IndexError, AttributeError):
        pass
    return ""


def is_network(path: str) -> bool:
    """Whether a path lies on a file system that other machines write too."""
    return file_system(path).startswith(NETWORK)
