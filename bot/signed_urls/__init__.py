"""Signed URLs of pictures and documents, for messengers to which a bot can't upload files."""
