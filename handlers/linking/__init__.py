"""One person on two messengers: joined by a code, with the word of both sides, and taken apart."""
