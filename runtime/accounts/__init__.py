"""People with accounts: who may do what, how they prove who they are, their teams, hours and absences.

`permissions` and `routes` are the table of who may do what, as data. `accounts` opens the database
that the rest works on: `users`, `teams`, `absences`, `invitations`, `login`, `sessions`, `erasing`,
and `history`, in which nothing is ever changed.
"""
