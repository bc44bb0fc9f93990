"""The pages of the site: a module a kind, each with ``pages(site)`` (`einthoven.leaderboard.site`)."""
