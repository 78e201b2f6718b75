"""Linking: two chats become one person's by a code and the consent of both; parting undoes it."""
