"""The colours of the verdicts in pictures, workbooks and the board's drawings.

These are Okabe and Ito's colours, which colour-blind people can tell apart. They always have a
mark, a pattern or a text with them; a colour alone tells nothing.
"""

from criteria.scoring import Verdict

FILLS = {
    Verdict.MET: "#0072B2",
    Verdict.NOT_MET: "#D55E00",
    Verdict.INSUFFICIENT: "#8C8C8C",
    Verdict.NOT_APPLICABLE: "#BFBFBF",
}
SOFT = {
    Verdict.MET: "#CFE5F3",
    Verdict.NOT_MET: "#FADCC4",
    Verdict.INSUFFICIENT: "#F2F2F2",
    Verdict.NOT_APPLICABLE: "#EDEDED",
}
