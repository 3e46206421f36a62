"""What a signed delegation may be, each kind beside its twin, and what the
RFCs and the rules (docs/rules.md) demand of its rows: not what the program
says. Each module adds its kinds to KINDS (signed_kind.py).
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
