"""Each person's place in the conversation, and what each message asked."""
