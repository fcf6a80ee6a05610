"""Numbers: what they mean, where they come from, how good they are."""

from metrics.models.analysis import Analysis, Explanation, Suggestion
from metrics.models.check import CheckIncident, CheckRun, CheckWaiver
from metrics.models.checklist import Exemption, Extension, Remark
from metrics.models.correction import Correction
from metrics.models.definition import Alias, Metric, MetricVersion, Rule, RuleVersion
from metrics.models.feed import Feed, FeedOutage, FeedRun
from metrics.models.note import Note, NoteVersion
from metrics.models.observation import CoarseSlice, Member, Observation, RollUp, Slice, Summary
from metrics.models.peak_season import PeakSeason
from metrics.models.point_note import PointNote
from metrics.models.promotion import Promotion
from metrics.models.proposal import MetricWatch, Proposal, ProposalComment
from metrics.models.review import PinnedVersion, Review
from metrics.models.ruling import Ruling, SideAnswer, rulings_about
from metrics.models.saved_view import SavedView
from metrics.models.sentence import Sentence
from metrics.models.shared_kpi import SharedKpi
from metrics.models.slip import Slip
from metrics.models.snapshot import FactsDigest, Restatement, Sight, Signature, Snapshot
from metrics.models.source import ImportJob, SavedProfile, SourceFile
from metrics.models.submission import Submission
from metrics.models.target import Target
from metrics.models.trust import Badge, Trust, TrustBasis
from metrics.models.working_copy import CellChange, RowChange, WorkingCopy

__all__ = [
    "Alias",
    "Analysis",
    "Badge",
    "CellChange",
    "CoarseSlice",
    "Correction",
    "Exemption",
    "Explanation",
    "Extension",
    "FactsDigest",
    "Feed",
    "FeedOutage",
    "FeedRun",
    "CheckIncident",
    "CheckRun",
    "CheckWaiver",
    "ImportJob",
    "Member",
    "Metric",
    "MetricVersion",
    "MetricWatch",
    "Note",
    "NoteVersion",
    "Observation",
    "PeakSeason",
    "PinnedVersion",
    "PointNote",
    "Promotion",
    "Proposal",
    "ProposalComment",
    "Remark",
    "Restatement",
    "Review",
    "RollUp",
    "RowChange",
    "Rule",
    "RuleVersion",
    "Ruling",
    "SavedProfile",
    "SavedView",
    "SharedKpi",
    "SideAnswer",
    "Sight",
    "Signature",
    "Slice",
    "Sentence",
    "Slip",
    "Snapshot",
    "SourceFile",
    "Submission",
    "WorkingCopy",
    "rulings_about",
    "Suggestion",
    "Summary",
    "Target",
    "Trust",
    "TrustBasis",
]
