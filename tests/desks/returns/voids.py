"""Forms that become void, as two people do it at the counter."""

from __future__ import annotations

from collections.abc import Collection

from counterapp.core.actor import Actor, Signer
from counterapp.desks.returns.services import voiding
from tests.desks.till.till import Till

REASON = "商品数量写错"
ALL = (1, 2, 3)


def void(
    till: Till,
    code: str,
    signer: Signer | None = None,
    actor: Actor | None = None,
    reason: str = REASON,
    parts: Collection[int] = ALL,
    note: str = "",
) -> int:
    return till.work(
        actor or till.clerk,
        lambda s, a: voiding.void_form(s, a, signer or till.manager, code, reason, parts, note),
    )
