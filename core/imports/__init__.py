"""Imports: what a file's rows become. Files are read by ``core.importing``."""
