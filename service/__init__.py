"""What people meet: casework (`workflow`), the web (`web`), the command line (`commands`), and the log."""
