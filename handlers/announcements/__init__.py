"""Notices that an officer or operator writes to many people, and their delivery."""
