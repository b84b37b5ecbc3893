"""What the pages that look across the whole product show."""
