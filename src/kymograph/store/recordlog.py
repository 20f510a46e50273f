"""A writer's record log: preallocated files that are appended to and rolled; standard library only."""

from __future__ import annotations

import errno
import mmap
import os
import threading
from collections.abc import Callable

from kymograph.store import records
from kymograph.store.layout import NETWORK, file_system, log_name

SMALLEST = 64 << 10  # the first file, so that short runs stay small
LARGEST = 4 << 20  # files double up to this
_ZEROS = bytes(64 << 10)
# posix_fallocate does not hold space on file systems that copy on write: there a full disk would be a SIGBUS.
_NO_MAP = (*NETWORK, "btrfs", "zfs", "bcachefs")


def may_map(folder: str) -> bool:
    """Whether a shared mapping of a file there is safe; otherwise records go through write()."""
    return not file_system(folder).startswith(_NO_MAP)


class LogFile:
    """One file of a record log, open for appending.

    `write(frame)` copies one whole frame behind the last; it raises ValueError when the file is full or
    closed, OSError when the disk is. In a mapped file it is the mapping's own method: one copy under the
    interpreter's lock, so that threads need none of ours.
    """

    def __init__(self, path: str, size: int, *, mapped: bool, warm: bool = True) -> None:
        """`warm` touches all pages now, so that no log call does; it costs about 0.5 ms for each MiB."""
        self.path = path
        self.size = size
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        self._map: mmap.mmap | None = None
        self._lock = threading.Lock()
        self._position = 0
        self.write: Callable[[bytes], object]
        try:
            if mapped:
                # First the space, then the mapping: a sparse file on a full disk would be a SIGBUS.
                os.posix_fallocate(self._fd, 0, size)
                if warm:
                    self._warm()
                self._map = mmap.mmap(self._fd, size)
                self.write = self._map.write
            else:
                self.write = self._append
            self.write(records.file_header())
        except BaseException:
            self.discard()
            raise

    def _warm(self) -> None:
        # A page's first touch through the mapping costs 3 to 10 us, in the log call; pages that were
        # written before cost 0.1 us. In few calls: each lets go of the interpreter's lock and waits for it.
        for at in range(0, self.size, LARGEST):
            os.pwritev(self._fd, [_ZEROS] * (min(LARGEST, self.size - at) // len(_ZEROS)), at)

    def _append(self, frame: bytes) -> None:
        with self._lock:
            if self._fd < 0 or self._position + len(frame) > self.size:
                raise ValueError("file full or closed")
            written = os.pwrite(self._fd, frame, self._position)
            if written != len(frame):
                os.ftruncate(self._fd, self._position)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), self.path)
            self._position += written

    @property
    def position(self) -> int:
        """Where the next frame goes; the size of the file when it is closed."""
        if self._map is None:
            return self._position
        try:
            return self._map.tell()
        except ValueError:
            return self.size

    def rename(self, path: str) -> None:
        """Give the file its name; a file prepared ahead is hidden until it is used."""
        os.rename(self.path, path)
        self.path = path

    def stop(self) -> None:
        """No write succeeds from here on, in any thread. The file keeps its preallocated tail."""
        if self._map is None:
            with self._lock:
                self.size = self._position
        elif not self._map.closed:
            self._position = self._map.tell()
            self._map.close()

    def content(self) -> bytes:
        """All bytes written so far, even when the file was removed from its folder."""
        return os.pread(self._fd, self.position, 0)

    def is_there(self) -> bool:
        """Whether the file still has its name."""
        try:
            named, held = os.stat(self.path), os.fstat(self._fd)
        except FileNotFoundError:
            return False
        except OSError:
            return True  # a server that does not answer says nothing about the file
        return (named.st_dev, named.st_ino) == (held.st_dev, held.st_ino)

    def sync(self) -> None:
        """Bring what was written to the disk; lets go of the interpreter's lock meanwhile."""
        if self._fd >= 0:
            os.fdatasync(self._fd)

    def trim(self, last: bytes = b"") -> None:
        """Cut the preallocated tail of a stopped file, append a last frame, sync, and let go of it."""
        if self._fd < 0:
            return
        try:
            if self._map is not None:
                # A frame may have slipped in between asking for the position and closing the mapping.
                tail = records.walk(os.pread(self._fd, self.size - self._position, self._position), 0)
                for _ in tail:
                    pass
                self._position += tail.end
                os.ftruncate(self._fd, self._position)
            if last:
                os.pwrite(self._fd, last, self._position)
            self.sync()
        finally:
            self.release()

    def release(self) -> None:
        """Let go of mapping and descriptor, changing nothing on disk."""
        if self._map is not None:
            self._map.close()
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)

    def discard(self) -> None:
        """Remove a file that was never used."""
        self.release()
        try:
            os.unlink(self.path)
        except OSError:
            pass


class RecordLog:
    """The files of one writer, one after the other.

    `current.write` may be called from any thread. The writer calls the rest under its lock, except `prepare`
    and `tidy`, which the background thread calls without it: they wait for the disk.
    """

    def __init__(self, folder: str, writer: str, first_frame: Callable[[int], bytes], first: int = 0) -> None:
        self.folder = folder
        self.writer = writer
        self._first_frame = first_frame
        self._mapped = may_map(folder)
        self._stopped: list[LogFile] = []
        self._next: LogFile | None = None
        self._preparing = threading.Lock()
        self.number = first
        self.current = self._create(self._path(first), SMALLEST)
        self._begin()

    def _path(self, number: int) -> str:
        return os.path.join(self.folder, log_name(self.writer, number))

    def _hidden(self) -> str:
        return os.path.join(self.folder, f".{log_name(self.writer, self.number + 1)}.tmp")

    def _create(self, path: str, size: int, *, warm: bool = True) -> LogFile:
        try:
            return LogFile(path, size, mapped=self._mapped, warm=warm)
        except OSError as error:
            if error.errno != errno.ENOSPC or size <= SMALLEST:
                raise
            return LogFile(path, SMALLEST, mapped=self._mapped)  # the last of a full disk is used too

    def _begin(self) -> None:
        self.current.write(self._first_frame(self.number))

    def _next_size(self) -> int:
        return min(2 * self.current.size, LARGEST)

    def prepare(self) -> None:
        """Have the next file ready, so that no log call waits for it. Raises OSError."""
        with self._preparing:
            if self._next is None and (self.number > 0 or self.current.position > self.current.size // 4):
                self._next = self._create(self._hidden(), self._next_size())

    def roll(self, room: int = 0) -> None:
        """Go on in the next file, which takes a frame of `room` bytes. Raises OSError; then nothing changed
        but that `current` is full.

        The old file is stopped before the new one has its name: whoever sees a later file may take the
        earlier one as closed.
        """
        with self._preparing:
            self._roll(room)

    def _roll(self, room: int) -> None:
        prepared, self._next = self._next, None
        need = room + 4096 + len(self._first_frame(self.number + 1))
        if prepared is not None and prepared.size < need:
            prepared.discard()
            prepared = None
        if prepared is None:
            size = self._next_size()
            while size < need:
                size *= 2
            prepared = self._create(self._hidden(), size, warm=False)  # a log call is waiting
            if prepared.size < need:
                prepared.discard()
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), self._hidden())
        self.current.stop()
        self._stopped.append(self.current)
        try:
            prepared.rename(self._path(self.number + 1))
        except OSError:
            prepared.discard()
            raise
        self.number += 1
        self.current = prepared
        self._begin()

    def tidy(self) -> None:
        """Sync and trim the files that were rolled; then sync the current one."""
        self._trim_stopped()
        self.current.sync()

    def _trim_stopped(self) -> None:
        while True:
            try:
                done = self._stopped.pop(0)  # one step: `tidy` and `close` may meet here
            except IndexError:
                return
            done.trim()

    def close(self, last: bytes) -> None:
        """Stop, append the last frame, trim, sync and let go of everything."""
        with self._preparing:
            if self._next is not None:
                self._next.discard()
                self._next = None
        self.current.stop()
        self._trim_stopped()
        self.current.trim(last)

    def abandon(self) -> None:
        """In a forked child: let go of the parent's files, which stay the parent's."""
        for file in (*self._stopped, self.current, self._next):
            if file is not None:
                file.release()
