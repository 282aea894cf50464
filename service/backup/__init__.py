"""Backup and restore, through the databases' own API: see README.md beside this file."""
