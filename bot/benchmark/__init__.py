"""`helpdesk bench`: the standard workload, what this machine can do at most, and what the desk makes of it.

`population` is who writes and what is in the desk before, `workload` the mails; `limits` and `service` are run in
processes of their own, `driver` is the SMTP clients and the mail server that our letters go to, `measure` puts one run
together and `report` the whole.
"""
