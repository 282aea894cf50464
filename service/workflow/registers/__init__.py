"""The registers: projects, dilemmas, balances, involvement, approvals, competence, incidents and complaints.

Each kind is declared once (`shapes`); nothing is ever about a citizen. A later version names the one it
replaces, and both stay readable.
"""
