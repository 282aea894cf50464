"""What comes in from files: opened safely, recognised by content, refused with a place and a reason."""
