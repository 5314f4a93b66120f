"""What waits for a second signature, as the queue of approvals shows it: each desk brings its cases in its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from counterapp.core.actor import Actor
from counterapp.ui.theme import Meaning
from counterapp.ui.widgets.chip_strip import ChipText
from counterapp.ui.widgets.panels import VerdictText
from counterapp.words import _

if TYPE_CHECKING:
    # The database loads after the first paint.
    from sqlalchemy.orm import Session

    from counterapp.core.cases import Case


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """A case that waits: what it is about, in one line (`quiet`) where it comes from, and its particulars, a line each.

    `reach` says whether whoever looks at it may sign, `button` what Enter does; `chips` warn, and `has_reasons` where
    a key shows what lies behind them.
    """

    case: Case
    title: str
    quiet: Sequence[str]
    lines: Sequence[str]
    reach: VerdictText
    button: str
    chips: Sequence[ChipText] = ()
    has_reasons: bool = False


def prepared_by_you() -> VerdictText:
    """Return what is said of a case to whoever prepared it."""
    return VerdictText(
        Meaning.NEUTRAL, _("Prepared by you"), _("Nobody approves what they prepared. Another person signs."), "user"
    )


class WaitingCases(Protocol):
    """How a desk shows its waiting cases in the queue. What it reads comes back to `item_of` as it is."""

    #: As `cases.desk` has it.
    desk: str

    def read(self, session: Session, actor: Actor) -> Sequence[Any]:
        """Return what waits, the longest waiting first."""

    def read_warnings(self, session: Session, actor: Actor) -> Mapping[int, Any]:
        """Return what warns of the cases, by their ids; read after they are shown, for it may take longer."""

    def item_of(self, found: Any, warning: Any | None, actor: Actor) -> WaitingItem:
        """Return the words for one that was read, in the language of the screen."""

    def show_reasons(self, warning: Any) -> None:
        """Show what lies behind a warning."""
