"""The kinds of signed delegations, each beside its twin, with the rows that the
RFCs and the rules (docs/rules.md) demand, not those that the program writes.
Each module adds its kinds to KINDS (signed_kind.py).
"""

from __future__ import annotations

# The first kind is "intact".
import signed_kinds_keys        # noqa: F401
import signed_kinds_signatures  # noqa: F401
import signed_kinds_denials     # noqa: F401
import signed_kinds_hosts       # noqa: F401
import signed_kinds_file        # noqa: F401
from signed_kind import KINDS, check_twins

__all__ = ["KINDS", "check_twins"]
