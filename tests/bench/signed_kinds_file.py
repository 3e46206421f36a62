"""Kinds of signed delegations: the zone file differs from the parent."""

from __future__ import annotations

from signed_keys import ZSK
from signed_kind import ANY, BOGUS, FALLS_BACK, MX, Make, kind

# The file and the parent -----------------------------------------------------

# Rule 2 goes by the file's DS: `after` is the row of the direct lane.
@kind("after-ds-removed", "intact", mx="mx insecure", lane=ANY,
      host="usable insecure not_asked", after=MX)
def after_ds_removed(m: Make) -> None:
    m.file_ds, m.parent_ds = m.ds(m.keys[0]), []


@kind("after-ds-rolled", "after-ds-rolled-back", lane=FALLS_BACK, after=MX)
def after_ds_rolled(m: Make) -> None:
    """The old key is gone: no key matches the file's DS."""
    m.file_ds, m.parent_ds = m.ds(m.key(3)), m.ds(m.keys[0])


@kind("after-ds-rolled-back", "after-ds-rolled", mx=BOGUS, host=None, lane=ANY,
      after=MX)
def after_ds_rolled_back(m: Make) -> None:
    """The old key is there still, and the new one is not."""
    m.file_ds, m.parent_ds = m.ds(m.keys[0]), m.ds(m.key(3))


@kind("after-double-ds", "after-ds-rolled", algorithms=(13,))
def after_double_ds(m: Make) -> None:
    """Both keys are there, and the file has the DS of the old one."""
    m.keys = [m.key(0), m.key(1), m.key(2, ZSK)]
    m.file_ds, m.parent_ds = m.ds(m.keys[0]), m.ds(m.keys[1])


# RRSIG(DS) of the file: nobody sees it but `--ds verify`.
@kind("file-ds-unsigned", "intact", lane=ANY, by_trust=True)
def file_ds_unsigned(m: Make) -> None:
    m.file_signature = "none"


@kind("file-ds-bad-signature", "intact", lane=ANY, by_trust=True)
def file_ds_bad_signature(m: Make) -> None:
    m.file_signature = "bad"
