"""The parts that views and dialogs are built of.

Painters are opened with `with`, everywhere: one that an exception leaves open outlives its widget's paint and takes
the whole program down.
"""

from counterapp.ui.widgets.badge import BadgeRow
from counterapp.ui.widgets.buttons import KeyButton, Kind, Tick
from counterapp.ui.widgets.choice_field import ChoiceField
from counterapp.ui.widgets.choices import Choices, Option, Question, Questions
from counterapp.ui.widgets.entry import Entry
from counterapp.ui.widgets.fields import CodeField, TextField, field_row
from counterapp.ui.widgets.notes_field import NotesField
from counterapp.ui.widgets.panels import BigAmount, Card, EmptyState, Fact, FactsRow, ScrollColumn, VerdictPanel
from counterapp.ui.widgets.progress import ProgressBar
from counterapp.ui.widgets.scroll import Scrolling
from counterapp.ui.widgets.table import LineTable, Row, RowVerdict
from counterapp.ui.widgets.text import DOT, Chip, Icon, Role, SentenceLine, Text, dotted, set_look

__all__ = [
    "DOT",
    "BadgeRow",
    "BigAmount",
    "Card",
    "Chip",
    "ChoiceField",
    "Choices",
    "CodeField",
    "EmptyState",
    "Entry",
    "Fact",
    "FactsRow",
    "Icon",
    "KeyButton",
    "Kind",
    "LineTable",
    "NotesField",
    "Option",
    "ProgressBar",
    "Question",
    "Questions",
    "Role",
    "Row",
    "RowVerdict",
    "ScrollColumn",
    "Scrolling",
    "SentenceLine",
    "Text",
    "TextField",
    "Tick",
    "VerdictPanel",
    "dotted",
    "field_row",
    "set_look",
]
