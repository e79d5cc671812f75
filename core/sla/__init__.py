"""What is owed to clients in time: calendars, policies, the clocks of a ticket, deadlines and who hears of them."""
