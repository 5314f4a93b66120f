"""What stands out among the returns: the tab for approvers, and the strip beside a case that waits."""

from counterapp.desks.returns.view.risk.desk import RiskView

__all__ = ["RiskView"]
