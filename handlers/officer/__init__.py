"""The management screens of officers: people, their roles, and confirmations."""
