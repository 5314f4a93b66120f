"""How personal data is shown until somebody asks to see it, which is journalled (spec/people.md)."""

from __future__ import annotations


def masked_name(name: str) -> str:
    """Return a name as its first character and stars: "王*"."""
    return f"{name[:1]}{'*' * max(1, len(name) - 1)}" if name else ""


def masked_phone(phone: str) -> str:
    """Return a phone number with its middle hidden: "138****5678"; short ones keep two digits."""
    if not phone:
        return ""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else f"****{phone[-2:]}"


def masked_address(address: str) -> str:
    """Return the first third of an address, six characters at most, and stars."""
    return f"{address[: min(6, len(address) // 3)]}****" if address else ""
