"""The rules of the house and of the law: pure decisions over values.

`facts` says what is looked at, `book` and `conditions` what a rule book says, `reading` how it is read, `verdict`
and `outlook` what comes out; `weighing` is the engine under both.
"""

from .book import Grant, Holiday, Question, Repair, Rule, RuleBook, Text
from .facts import EFFECTS, Answer, Category, Effect, Facts, Flag, Kind, Reason, name_of
from .outlook import Outlook, outlook
from .reading import load_rule_book
from .verdict import Better, Finding, Granted, Verdict, Way, favourable, judge

__all__ = [
    "EFFECTS",
    "Answer",
    "Better",
    "Category",
    "Effect",
    "Facts",
    "Finding",
    "Flag",
    "Grant",
    "Granted",
    "Holiday",
    "Kind",
    "Outlook",
    "Question",
    "Reason",
    "Repair",
    "Rule",
    "RuleBook",
    "Text",
    "Verdict",
    "Way",
    "favourable",
    "judge",
    "load_rule_book",
    "name_of",
    "outlook",
]
