"""Sample data: three small businesses' worth of customers, made the same way each time.

Everything but the people who sign in is written in change sets of kind DEMO, so that removing it
is an undo, and what somebody has edited or used since is kept.
"""
