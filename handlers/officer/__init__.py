"""What officers manage from the telephone: people, invitations and rounds; and leaving, for all."""
