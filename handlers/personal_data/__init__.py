"""What is known of a person: shown, corrected, withdrawn, forgotten."""
