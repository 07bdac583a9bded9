"""What a vendor's folder offers to ARO. It says so in its `__init__.py`; `integrations/providers` names the folders."""

from __future__ import annotations

from dataclasses import dataclass

from integrations.providers.shared.base import Adapter
from integrations.providers.shared.carrier import Carrier
from integrations.providers.shared.payments import Payments
from integrations.providers.shared.policies import Policy


@dataclass(frozen=True, kw_only=True)
class Vendor:
    """`name`: whose breaker and limits count. `policy`: how it is called; None for one that is never called."""

    name: str
    adapters: tuple[Adapter, ...] = ()
    carrier: Carrier | None = None
    payments: Payments | None = None
    policy: Policy | None = None
