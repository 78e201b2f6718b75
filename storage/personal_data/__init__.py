"""Personal data: viewing it, masking names in texts, erasing a person who withdraws consent."""
