"""Updates on their way in: stored, handled chat by chat, evidence fetched."""
