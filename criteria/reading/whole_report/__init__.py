"""Reading a whole report in one message: "1: 350/400, 2: 12/12, 3 có, còn lại như kỳ trước".

The parts are assigned to questions before they are read
(docs/decisions/0027-a-report-in-one-message.md).
"""

from criteria.reading.whole_report.outcome import ReportAnswer, ReportReading, ReportReason
from criteria.reading.whole_report.questions import ReportQuestion, questions_of
from criteria.reading.whole_report.reading import is_whole_report, read_report

__all__ = [
    "ReportAnswer",
    "ReportQuestion",
    "ReportReading",
    "ReportReason",
    "is_whole_report",
    "questions_of",
    "read_report",
]
