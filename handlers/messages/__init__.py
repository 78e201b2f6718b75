"""Messages that go out by themselves, claimed from the outbox."""
