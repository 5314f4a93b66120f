"""The rules of the house and of the law: pure decisions over values.

`facts` says what is looked at, `book` and `conditions` what a rule book says, `reading` how it is read, `verdict`
and `outlook` what comes out; `weighing` is the engine under both.
"""

from counterapp.desks.returns.rules.returnability import Returnability, returnability

from .book import Grant, Holiday, Question, Repair, Rule, RuleBook, Text
from .reading import load_rule_book
from .verdict import Better, Finding, Granted, Verdict, Way, favourable, judge

__all__ = [
    "Better",
    "Finding",
    "Grant",
    "Granted",
    "Holiday",
    "Question",
    "Repair",
    "Returnability",
    "Rule",
    "RuleBook",
    "Text",
    "Verdict",
    "Way",
    "favourable",
    "judge",
    "load_rule_book",
    "returnability",
]
