"""What the office does with what came in: accept, return, correct, settle totals, write in."""
