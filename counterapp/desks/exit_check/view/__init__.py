"""The exit auditor's tab: a form is held against the goods that were taken for it."""

from counterapp.desks.exit_check.view.desk import ExitCheckView

__all__ = ["ExitCheckView"]
