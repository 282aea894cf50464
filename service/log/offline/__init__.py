"""What goes along with an export: the verifier, a file that stands alone, and the page that explains it."""
