"""The place of a lab: a folder for files that servers of other users must
reach.

The folder of a lab can be where other users have no access (/root, a home of
mode 0700), and its path can contain a blank, which Postfix does not support. So
the place is in the temporary folder of the system, for one other user.
LAB_DIR/place links to it and is made first, so that the next lab finds what a
killed one has left.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
from pathlib import Path

PREFIX = "mxcensus-lab-"
NAME = "place"


def place_of(lab: Path) -> Path:
    """The folder itself."""
    return Path(os.readlink(lab / NAME))


def is_open(folder: Path) -> bool:
    """Can others enter it, and can we write there? Is its path one word?"""
    return (not re.search(r"\s", str(folder)) and folder.is_dir()
            and os.access(folder, os.W_OK) and all(
                part.stat().st_mode & 1 for part in (folder, *folder.parents)))


def make_place(lab: Path, group: int | None) -> None:
    """Only `group` can enter it, and cannot list it."""
    for name in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        if is_open(Path(name).resolve()):
            place = Path(name).resolve() / (PREFIX + secrets.token_hex(6))
            break
    else:
        raise OSError("there is no temporary folder that other users can "
                      "enter: name one in TMPDIR")
    (lab / NAME).symlink_to(place)
    place.mkdir(0o700)
    if group is not None:
        os.chown(place, -1, group)
        place.chmod(0o710)
    # A path to the lab without a blank.
    (place / "lab").symlink_to(lab)


def remove_place(lab: Path) -> None:
    try:
        place = place_of(lab)
    except OSError:
        return
    # LAB_DIR is ours, but still nothing is removed that is not a place.
    if place.name.startswith(PREFIX):
        shutil.rmtree(place, ignore_errors=True)
    (lab / NAME).unlink(missing_ok=True)
