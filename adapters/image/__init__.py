"""Image models: a network that gets the page as a vision-language model would see it, and how it answers."""
