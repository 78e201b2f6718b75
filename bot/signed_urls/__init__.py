"""Signed URLs, by which messengers without uploads show pictures and documents."""
